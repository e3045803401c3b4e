package pluginhost

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"

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
const cacheFormat = 3

const (
	// maxCacheFile bounds what is read back, in bytes.
	maxCacheFile = protocol.MaxMessage + 64<<10
	// readAtOnce is how much of it is in memory at a time, in bytes.
	readAtOnce = 16 << 10
)

// cacheHead is the first line of a cache file. After it come the manifest without the bulk of its operations and then
// those bulks, one after another: they are nearly all of a manifest, and stay in the file until they are asked for.
type cacheHead struct {
	Format int `json:"format"`
	identity
	Sum      uint32  `json:"sum"`      // CRC-32C of what follows
	Manifest int64   `json:"manifest"` // bytes of the manifest
	Bulks    []int64 `json:"bulks"`    // bytes of each operation's bulk
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// cached returns the manifest of that very program, or nil. A cache that cannot be used is no fault.
func (p *Plugin) cached(id identity) *Manifest {
	if p.host.options.CacheDir == "" {
		return nil
	}
	head, manifest, err := readCache(p.cacheFile(id))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errDamaged) {
			p.logger.Warn().Err(err).Msg("a cached manifest cannot be read; the plugin is asked instead")
		}
		return nil
	}
	if head.identity != id {
		return nil // of another build: it is written anew
	}
	return manifest
}

// errDamaged is that of a cache file which is damaged or of another format: it is written anew.
var errDamaged = errors.New("the cached manifest is damaged")

// readCache opens a cache file. All of it is read once, for its sum; what is kept is what a start needs.
func readCache(name string) (*cacheHead, *Manifest, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	head, manifest, err := parseCache(file)
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return head, manifest, nil
}

func parseCache(file *os.File) (*cacheHead, *Manifest, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	if info.Size() > maxCacheFile {
		return nil, nil, fmt.Errorf("%s is larger than %d bytes", file.Name(), maxCacheFile)
	}
	reader := bufio.NewReaderSize(io.LimitReader(file, maxCacheFile), readAtOnce)
	line, err := reader.ReadBytes('\n')
	head := &cacheHead{}
	if err != nil || json.Unmarshal(line, head) != nil || head.Format != cacheFormat || head.Manifest < 0 || head.Manifest > info.Size() {
		return nil, nil, errDamaged
	}
	bulk := int64(len(line)) + head.Manifest
	sum := crc32.New(castagnoli)
	brief := make([]byte, head.Manifest)
	if _, err := io.ReadFull(io.TeeReader(reader, sum), brief); err != nil {
		return nil, nil, errDamaged
	}
	rest, err := reader.WriteTo(sum)
	if err != nil {
		return nil, nil, err
	}
	for _, size := range head.Bulks {
		if rest -= size; size < 0 || rest < 0 {
			return nil, nil, errDamaged
		}
	}
	manifest := &protocol.Manifest{}
	if rest != 0 || head.Sum != sum.Sum32() || proto.Unmarshal(brief, manifest) != nil || len(head.Bulks) != len(manifest.Operations) {
		return nil, nil, errDamaged
	}
	return head, &Manifest{manifest, &bulks{file, bulk, head.Bulks}, head.build()}, nil
}

func (h *cacheHead) build() string {
	return fmt.Sprintf("%s %d %d %08x", h.Path, h.Size, h.Modified, h.Sum)
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

// body takes a whole manifest apart and notes where its parts end. The manifest itself stays as it is.
func (h *cacheHead) body(manifest *protocol.Manifest) ([]byte, error) {
	stripped := without(manifest, isOperations).(*protocol.Manifest)
	var bulks []byte
	for _, operation := range manifest.Operations {
		stripped.Operations = append(stripped.Operations, without(operation, isBulk).(*protocol.Operation))
		before := len(bulks)
		var err error
		if bulks, err = (proto.MarshalOptions{}).MarshalAppend(bulks, without(operation, isBrief)); err != nil {
			return nil, err
		}
		h.Bulks = append(h.Bulks, int64(len(bulks)-before))
	}
	brief, err := proto.Marshal(stripped)
	h.Manifest = int64(len(brief))
	return append(brief, bulks...), err
}

// isBulk tells the fields of an operation that only whoever calls or describes it needs.
func isBulk(name protoreflect.Name) bool {
	switch name {
	case "description", "keywords", "input_schema", "output_schema", "example_arguments", "lookups", "modes":
		return true
	default:
		return false
	}
}

func isOperations(name protoreflect.Name) bool { return name == "operations" }

func isBrief(name protoreflect.Name) bool { return !isBulk(name) }

// without is a message without some of its fields. It shares the others with the original.
func without(message proto.Message, left func(protoreflect.Name) bool) proto.Message {
	stripped := message.ProtoReflect().New()
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if !left(field.Name()) {
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
