package pluginhost

import (
	"fmt"
	"io"
	"os"

	"google.golang.org/protobuf/proto"

	"github.com/mqtrail/mqtrail/sdk/protocol"
)

// Manifest is what a plugin offers. Its operations may be without their bulk, the schemas and texts that only whoever
// calls or describes an operation needs: Operation gives them whole. It is shared: do not change it.
type Manifest struct {
	*protocol.Manifest
	bulks *bulks // nil when the operations are whole
	build string
}

// Build tells this manifest of this build of the plugin from every other; empty when it was not cached.
func (m *Manifest) Build() string { return m.build }

// bulks are what the operations of a cached manifest lack, one after another in its file. The file stays open, so that
// a cache that is written anew does not mix with it, and is closed when the manifest is no longer in use.
type bulks struct {
	file  *os.File
	begin int64
	sizes []int64
}

// Brief is the manifest whose operations may be without their bulk.
func (m *Manifest) Brief() *protocol.Manifest { return m.Manifest }

// Operation is the i-th operation whole.
func (m *Manifest) Operation(i int) (*protocol.Operation, error) {
	if m.bulks == nil {
		return m.Operations[i], nil
	}
	bulk, err := m.bulks.read(i)
	if err != nil {
		return nil, fmt.Errorf("reading what %s offers from %s: %w", m.Operations[i].Name, m.bulks.file.Name(), err)
	}
	whole := proto.CloneOf(m.Operations[i])
	err = proto.UnmarshalOptions{Merge: true}.Unmarshal(bulk, whole)
	return whole, err
}

func (b *bulks) read(i int) ([]byte, error) {
	at := b.begin
	for _, size := range b.sizes[:i] {
		at += size
	}
	bulk := make([]byte, b.sizes[i])
	_, err := io.ReadFull(io.NewSectionReader(b.file, at, b.sizes[i]), bulk)
	return bulk, err
}

// whole is the manifest with all of its operations whole.
func (m *Manifest) whole() (*protocol.Manifest, error) {
	if m.bulks == nil {
		return m.Manifest, nil
	}
	whole := without(m.Manifest, isOperations).(*protocol.Manifest)
	for i := range m.Operations {
		operation, err := m.Operation(i)
		if err != nil {
			return nil, err
		}
		whole.Operations = append(whole.Operations, operation)
	}
	return whole, nil
}

// Briefs are the manifests without the bulk of their operations.
func Briefs(manifests []*Manifest) []*protocol.Manifest {
	briefs := make([]*protocol.Manifest, len(manifests))
	for i, manifest := range manifests {
		briefs[i] = manifest.Manifest
	}
	return briefs
}
