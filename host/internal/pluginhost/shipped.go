package pluginhost

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// shippedSuffix is put behind a program's name for the manifest that is installed beside it.
const shippedSuffix = ".manifest"

// Ship writes the plugin's manifest beside its program, so that not even the first start of mqtrail has to run the
// plugin to know what it offers. Whoever installs the program does this once.
func (p *Plugin) Ship(ctx context.Context) (path string, err error) {
	manifest, err := p.Manifest(ctx)
	if err != nil {
		return "", err
	}
	id, problem := p.identify()
	if problem != nil {
		return "", problem
	}
	whole, err := manifest.whole()
	if err != nil {
		return "", err
	}
	path = id.Path + shippedSuffix
	id.Path = "" // it may be moved with its program
	return path, writeCache(path, 0o644, id, whole)
}

// shipped returns the manifest that was installed with the program, or nil. It is believed as the program itself is:
// both lie in the same folder, which the user named. A program that is newer or of another size was replaced since.
func (p *Plugin) shipped(id identity) *protocol.Manifest {
	name := id.Path + shippedSuffix
	info, err := os.Stat(name)
	if err != nil || info.ModTime().UnixNano() < id.Modified || !info.Mode().IsRegular() {
		return nil
	}
	head, manifest, err := readCache(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errDamaged) {
			p.logger.Warn().Err(err).Msg("the manifest beside a program cannot be read; the plugin is asked instead")
		}
		return nil
	}
	if head.Size != id.Size {
		return nil
	}
	whole, err := manifest.whole()
	if err != nil || p.check(whole) != nil {
		return nil
	}
	return whole
}
