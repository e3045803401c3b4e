package pluginhost

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/proto"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// identity tells one build of a program from another without reading it.
type identity struct {
	Path     string `json:"path"` // no symbolic link in it
	Size     int64  `json:"size"`
	Modified int64  `json:"modified"` // nanoseconds since 1970
}

func (p *Plugin) identity() (identity, error) {
	path, err := p.resolved()
	if err != nil {
		return identity{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return identity{}, err
	}
	return identity{path, info.Size(), info.ModTime().UnixNano()}, nil
}

// identify is identity, with a problem that Status remembers.
func (p *Plugin) identify() (identity, *sdk.Problem) {
	id, err := p.identity()
	if err == nil {
		return id, nil
	}
	problem := p.unreadable(err)
	p.failed(problem, false)
	return identity{}, problem
}

// cacheFormat changes when a manifest that was fine once may no longer be.
const cacheFormat = 1

// maxCacheFile bounds what is read back, in bytes.
const maxCacheFile = protocol.MaxMessage + 64<<10

// cacheHead is the first line of a cache file; a DescribeResponse follows.
type cacheHead struct {
	Format int `json:"format"`
	identity
	Sum uint32 `json:"sum"` // CRC-32C of what follows
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// cached returns the manifest of that very program, or nil. A cache that cannot be used is no fault.
func (p *Plugin) cached(id identity) *protocol.Manifest {
	if p.host.options.CacheDir == "" {
		return nil
	}
	data, err := readBounded(p.cacheFile(id), maxCacheFile)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			p.logger.Warn().Err(err).Msg("a cached manifest cannot be read; the plugin is asked instead")
		}
		return nil
	}
	first, body, _ := bytes.Cut(data, []byte("\n"))
	var head cacheHead
	want := cacheHead{Format: cacheFormat, identity: id, Sum: crc32.Checksum(body, castagnoli)}
	if json.Unmarshal(first, &head) != nil || head != want {
		return nil // of another build, or damaged: it is written anew
	}
	response := &protocol.DescribeResponse{}
	if proto.Unmarshal(body, response) != nil || response.Manifest == nil {
		return nil
	}
	return response.Manifest
}

// keep writes the manifest to the cache, whole or not at all.
func (p *Plugin) keep(id identity, manifest *protocol.Manifest) {
	if p.host.options.CacheDir == "" {
		return
	}
	if err := p.write(id, manifest); err != nil {
		p.logger.Warn().Err(err).Msg("a manifest could not be cached; the plugin will be asked again")
	}
}

func (p *Plugin) write(id identity, manifest *protocol.Manifest) error {
	body, err := proto.Marshal(&protocol.DescribeResponse{Manifest: manifest})
	if err != nil {
		return err
	}
	head, err := json.Marshal(cacheHead{Format: cacheFormat, identity: id, Sum: crc32.Checksum(body, castagnoli)})
	if err != nil {
		return err
	}
	name := p.cacheFile(id)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	// CreateTemp's files are 0600. Two hosts may write at once: each renames a file of its own.
	file, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.tmp")
	if err != nil {
		return err
	}
	_, err = file.Write(append(append(head, '\n'), body...))
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// cacheFile is one file per program, so that two installations do not overwrite each other's.
func (p *Plugin) cacheFile(id identity) string {
	return filepath.Join(p.host.options.CacheDir, fmt.Sprintf("%s-%08x.manifest", p.name, crc32.ChecksumIEEE([]byte(id.Path))))
}

func readBounded(name string, most int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, most)
	}
	return data, err
}
