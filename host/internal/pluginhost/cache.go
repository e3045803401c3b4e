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
const cacheFormat = 2

// maxCacheFile bounds what is read back, in bytes.
const maxCacheFile = protocol.MaxMessage + 64<<10

// cacheHead is the first line of a cache file. After it come the manifest without the schemas of its operations and
// then those schemas, one after another: they are nearly all of a manifest, and are used where they lie.
type cacheHead struct {
	Format int `json:"format"`
	identity
	Sum      uint32 `json:"sum"`      // CRC-32C of what follows
	Manifest int    `json:"manifest"` // bytes of the manifest
	Schemas  []int  `json:"schemas"`  // bytes of input and output schema of each operation, in turns
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
	if json.Unmarshal(first, &head) != nil || head.Format != cacheFormat || head.identity != id || head.Sum != crc32.Checksum(body, castagnoli) {
		return nil // of another build, or damaged: it is written anew
	}
	return head.manifest(body)
}

// manifest puts the manifest together again, or returns nil: then the cache was written by a faulty program.
func (h *cacheHead) manifest(body []byte) *protocol.Manifest {
	manifest := &protocol.Manifest{}
	if h.Manifest < 0 || h.Manifest > len(body) || proto.Unmarshal(body[:h.Manifest], manifest) != nil || len(h.Schemas) != 2*len(manifest.Operations) {
		return nil
	}
	rest := body[h.Manifest:]
	take := func(size int) []byte {
		if size < 0 || size > len(rest) {
			return nil
		}
		var schema []byte
		schema, rest = rest[:size:size], rest[size:]
		return schema
	}
	for i, operation := range manifest.Operations {
		operation.InputSchema, operation.OutputSchema = take(h.Schemas[2*i]), take(h.Schemas[2*i+1])
		if operation.InputSchema == nil || operation.OutputSchema == nil {
			return nil
		}
	}
	return manifest
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
	head := cacheHead{Format: cacheFormat, identity: id}
	body, err := head.body(manifest)
	if err != nil {
		return err
	}
	head.Sum = crc32.Checksum(body, castagnoli)
	line, err := json.Marshal(head)
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
	_, err = file.Write(append(append(line, '\n'), body...))
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// body takes the manifest apart and notes where its parts end. The manifest itself stays as it is.
func (h *cacheHead) body(manifest *protocol.Manifest) ([]byte, error) {
	stripped := &protocol.Manifest{
		Name: manifest.Name, Title: manifest.Title, Version: manifest.Version, SdkVersion: manifest.SdkVersion,
		ConfigSchema: manifest.ConfigSchema, Environment: manifest.Environment, Sandbox: manifest.Sandbox, Check: manifest.Check,
	}
	var schemas []byte
	for _, operation := range manifest.Operations {
		stripped.Operations = append(stripped.Operations, &protocol.Operation{
			Name: operation.Name, VendorName: operation.VendorName, Product: operation.Product, Title: operation.Title,
			Description: operation.Description, Request: operation.Request, Access: operation.Access, Toolset: operation.Toolset,
			Keywords: operation.Keywords, Aliases: operation.Aliases, ExampleArguments: operation.ExampleArguments, Modes: operation.Modes,
		})
		schemas = append(append(schemas, operation.InputSchema...), operation.OutputSchema...)
		h.Schemas = append(h.Schemas, len(operation.InputSchema), len(operation.OutputSchema))
	}
	body, err := proto.Marshal(stripped)
	h.Manifest = len(body)
	return append(body, schemas...), err
}

// cacheFile is one file per program, so that two installations do not overwrite each other's.
func (p *Plugin) cacheFile(id identity) string {
	return filepath.Join(p.host.options.CacheDir, fmt.Sprintf("%s-%08x.manifest", p.name, crc32.ChecksumIEEE([]byte(id.Path))))
}

func readBounded(name string, most int64) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // in the cache folder
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, most)
	}
	data := make([]byte, info.Size()) // at once: a buffer that grows is allocated several times over
	_, err = io.ReadFull(file, data)
	return data, err
}
