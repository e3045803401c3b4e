package mcpserver

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/mark3labs/mcp-go/mcp"
)

// Keep says where finished tools are kept from one start to the next: making them takes longer than all else.
type Keep struct {
	// Dir is the folder; empty keeps nothing.
	Dir string
	// Of is what they are made of besides the options and the connections: the builds of the program and of the
	// plugins. Tools made of anything else are not used. Empty keeps nothing.
	Of string
}

// kept is the file that finished tools are kept in.
type kept struct {
	// Of is everything that the tools depend on, as a digest.
	Of    string     `json:"of"`
	Tools []keptTool `json:"tools"`
}

// keptTool is an operation's finished tool.
type keptTool struct {
	Name        string          `json:"name"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	ReadOnly    bool            `json:"read_only"`
	Destructive bool            `json:"destructive"`
	Input       json.RawMessage `json:"input"`
	Output      json.RawMessage `json:"output"`
}

func (k keptTool) tool() mcp.Tool {
	h := hints{readOnly: k.ReadOnly, destructive: k.Destructive, idempotent: k.ReadOnly, openWorld: true}
	return newTool(k.Name, k.Title, k.Description, h, k.Input, k.Output)
}

// keeper reads and writes the tools of one server; nil keeps none.
type keeper struct{ file, of string }

// keeper is that of the tools that this server makes. Two configurations have a file each; a new build writes it anew.
func (s *Server) keeper(keep Keep) *keeper {
	if keep.Dir == "" || keep.Of == "" {
		return nil
	}
	type connection struct {
		Name, Plugin, Access string
		Toolsets             []string
	}
	parts := struct {
		Toolsets    []string
		Everywhere  bool
		Connections []connection
	}{s.toolsets, s.everywhere, nil}
	for _, c := range s.gateway.Connections() {
		parts.Connections = append(parts.Connections, connection{c.Name, c.Plugin, string(c.Access), c.Toolsets})
	}
	configuration, err := json.Marshal(parts)
	if err != nil { // texts and truths alone
		panic(err)
	}
	name := sha256.Sum256(configuration)
	of := sha256.Sum256(append(configuration, keep.Of...))
	return &keeper{filepath.Join(keep.Dir, "tools-"+hex.EncodeToString(name[:8])+".json"), hex.EncodeToString(of[:])}
}

// load returns the tools that were kept, by operation; nil when there are none that can be used.
func (k *keeper) load() map[string]mcp.Tool {
	if k == nil {
		return nil
	}
	data, err := os.ReadFile(k.file)
	if err != nil {
		return nil // not yet, or not readable: they are made anew
	}
	var found kept
	if json.Unmarshal(data, &found) != nil || found.Of != k.of {
		return nil
	}
	tools := make(map[string]mcp.Tool, len(found.Tools))
	for _, tool := range found.Tools {
		tools[tool.Name] = tool.tool()
	}
	return tools
}

// store keeps tools, whole or not at all.
func (k *keeper) store(tools []made) error {
	if k == nil {
		return nil
	}
	keeping := kept{Of: k.of}
	for _, made := range tools {
		if made.err != nil {
			continue
		}
		tool := made.tool
		keeping.Tools = append(keeping.Tools, keptTool{
			Name: tool.Name, Title: tool.Title, Description: tool.Description, ReadOnly: *tool.Annotations.ReadOnlyHint,
			Destructive: *tool.Annotations.DestructiveHint, Input: tool.RawInputSchema, Output: tool.RawOutputSchema,
		})
	}
	data, err := encode(keeping)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(k.file), 0o700); err != nil {
		return err
	}
	// Two servers may write at once: each renames a file of its own.
	file, err := os.CreateTemp(filepath.Dir(k.file), filepath.Base(k.file)+".*.tmp")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), k.file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
