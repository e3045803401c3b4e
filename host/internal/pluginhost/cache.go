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
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

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
	head, body := readCache(data)
	if head == nil || head.identity != id {
		return nil // of another build, or damaged: it is written anew
	}
	return head.manifest(body)
}

// readCache takes a cache file apart; nil when it is damaged or of another format.
func readCache(data []byte) (*cacheHead, []byte) {
	first, body, _ := bytes.Cut(data, []byte("\n"))
	head := &cacheHead{}
	if json.Unmarshal(first, head) != nil || head.Format != cacheFormat || head.Sum != crc32.Checksum(body, castagnoli) {
		return nil, nil
	}
	return head, body
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
	name := p.cacheFile(id)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return writeCache(name, 0o600, id, manifest)
}

// writeCache writes a cache file, whole or not at all.
func writeCache(name string, mode fs.FileMode, id identity, manifest *protocol.Manifest) error {
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
	// Two hosts may write at once: each renames a file of its own.
	file, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.tmp")
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	_, failed := file.Write(body)
	if err = errors.Join(err, failed, file.Chmod(mode), file.Close()); err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// body takes the manifest apart and notes where its parts end. The manifest itself stays as it is; nothing of it is
// copied but once.
func (h *cacheHead) body(manifest *protocol.Manifest) ([]byte, error) {
	stripped := without(manifest, "operations").(*protocol.Manifest)
	size := 0
	for _, operation := range manifest.Operations {
		stripped.Operations = append(stripped.Operations, without(operation, "input_schema", "output_schema").(*protocol.Operation))
		h.Schemas = append(h.Schemas, len(operation.InputSchema), len(operation.OutputSchema))
		size += len(operation.InputSchema) + len(operation.OutputSchema)
	}
	h.Manifest = proto.Size(stripped)
	body, err := proto.MarshalOptions{UseCachedSize: true}.MarshalAppend(make([]byte, 0, h.Manifest+size), stripped)
	for _, operation := range manifest.Operations {
		body = append(append(body, operation.InputSchema...), operation.OutputSchema...)
	}
	return body, err
}

// without is a message without some of its fields. It shares the others with the original.
func without(message proto.Message, fields ...protoreflect.Name) proto.Message {
	stripped := message.ProtoReflect().New()
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if !slices.Contains(fields, field.Name()) {
			stripped.Set(field, value)
		}
		return true
	})
	return stripped.Interface()
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
