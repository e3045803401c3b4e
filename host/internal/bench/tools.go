package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// tools measures what the default list of tools costs every conversation, with the real plugins alone.
func tools(ctx context.Context, w *workspace) ([]finding, error) {
	s, err := serve(w.shipped.command(ctx, w.shipped.home, "serve"))
	if err != nil {
		return nil, err
	}
	list, err := s.list()
	if err = errors.Join(err, s.end()); err != nil {
		return nil, err
	}
	var listed struct {
		Tools []struct {
			Name        string          `json:"name"`
			Description string          `json:"description"`
			InputSchema json.RawMessage `json:"inputSchema"`
		} `json:"tools"`
	}
	if err := json.Unmarshal(list, &listed); err != nil {
		return nil, err
	}
	all, largest, name := 0.0, 0.0, ""
	for _, tool := range listed.Tools {
		tokens := float64(len(tool.Name)+len(tool.Description)+len(tool.InputSchema)) / 4
		all += tokens
		if tokens > largest {
			largest, name = tokens, tool.Name
		}
	}
	return []finding{
		single("default tools/list, tokens", series{all}, budget{atMost, 6000, "tok"},
			fmt.Sprintf("%d tools of %d operations of the real plugins, a connection each; bytes / 4 of name, description, input schema.", len(listed.Tools), w.operations)),
		single("  the largest tool", series{largest}, budget{atMost, 200, "tok"}, name+"."),
	}, nil
}
