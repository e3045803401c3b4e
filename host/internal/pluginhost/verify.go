package pluginhost

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// verify says what is wrong with the program before it is run: every time, since files change.
func (p *Plugin) verify() *sdk.Problem {
	info, err := os.Stat(p.path)
	switch {
	case err != nil:
		return p.unreadable(err)
	case !info.Mode().IsRegular(): // opening a pipe could take forever
		return p.invalid("it is no regular file (mode %s)", info.Mode())
	}
	if problem := p.verifyRights(info); problem != nil {
		return problem
	}
	return p.verifyChecksum()
}

func (p *Plugin) verifyChecksum() *sdk.Problem {
	allowed, pinned := p.host.options.Checksums[p.name]
	if !pinned {
		return nil
	}
	file, err := os.Open(p.path)
	if err != nil {
		return p.unreadable(err)
	}
	defer func() { _ = file.Close() }() // only read
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return p.unreadable(err)
	}
	actual := hex.EncodeToString(hash.Sum(nil))
	if slices.ContainsFunc(allowed, func(sum string) bool { return strings.EqualFold(sum, actual) }) {
		return nil
	}
	return p.invalid("its SHA-256 sum is %s; allowed is %s", actual, orNone(allowed)).
		WithHint("If you replaced the program yourself, put the new sum into plugins.%s.sha256 of mqtrail.yaml. If not, somebody else did: install it again from where you trust.", p.name)
}

func (p *Plugin) invalid(format string, args ...any) *sdk.Problem {
	return sdk.Problemf(sdk.SourcePlugin, sdk.CodePluginInvalid, "The plugin %s (%s) was not started: "+format+".",
		append([]any{p.name, p.path}, args...)...)
}

func (p *Plugin) unreadable(err error) *sdk.Problem {
	problem := p.invalid("its file cannot be read: %v", reason(err))
	if errors.Is(err, fs.ErrNotExist) {
		return problem.WithHint("It was there when mqtrail started. Put it back, or start mqtrail again.")
	}
	return problem.WithHint("mqtrail must be able to read and run it: chmod u+rx %s", p.path)
}

// reason is an error without the path, which the message names already.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// resolved is the program's path with no symbolic link in it.
func (p *Plugin) resolved() (string, error) { return filepath.EvalSymlinks(p.path) }
