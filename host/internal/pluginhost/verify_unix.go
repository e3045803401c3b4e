//go:build unix

package pluginhost

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mqtrail/mqtrail/sdk"
)

// verifyRights refuses a program that anybody could have put there. Its group may write: where every user has a
// group of their own, that is what a build makes.
func (p *Plugin) verifyRights(info fs.FileInfo) *sdk.Problem {
	switch mode := info.Mode().Perm(); {
	case mode&0o111 == 0:
		return p.invalid("it is not executable (mode %04o)", mode).WithHint("Make it so: chmod u+x %s", p.path)
	case mode&0o002 != 0:
		return p.invalid("everybody may write to it (mode %04o)", mode).WithHint("If its content is what you installed: chmod o-w %s", p.path)
	}
	resolved, err := p.resolved()
	if err != nil {
		return p.unreadable(err)
	}
	for _, dir := range []string{filepath.Dir(p.path), filepath.Dir(resolved)} {
		info, err := os.Stat(dir)
		if err != nil {
			return p.unreadable(err)
		}
		if info.Mode().Perm()&0o002 != 0 && info.Mode()&os.ModeSticky == 0 {
			return p.invalid("everybody may replace it: its folder %s is writable by all (mode %04o)", dir, info.Mode().Perm()).
				WithHint("Close the folder: chmod o-w %s", dir)
		}
	}
	return nil
}
