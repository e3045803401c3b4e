package emulator

import (
	"errors"
	"io/fs"
	"path"
	"slices"
)

// layers are several trees as one. Their top folders differ.
type layers []fs.FS

// Open opens the name in the first tree that has it.
func (l layers) Open(name string) (fs.File, error) {
	for _, layer := range l {
		file, err := layer.Open(name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return file, err
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists the folder of all trees that have it.
func (l layers) ReadDir(name string) ([]fs.DirEntry, error) {
	var all []fs.DirEntry
	for _, layer := range l {
		entries, err := fs.ReadDir(layer, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		all = append(all, entries...)
	}
	return all, nil
}

// products is the folder of a vendor with some of its products alone.
type products struct {
	fs.FS
	names []string
}

// ReadDir leaves the other products out.
func (p products) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(p.FS, name)
	if path.Dir(name) != "." || name == "." {
		return entries, err
	}
	return slices.DeleteFunc(entries, func(entry fs.DirEntry) bool { return !slices.Contains(p.names, entry.Name()) }), err
}
