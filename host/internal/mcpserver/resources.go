package mcpserver

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// The addresses of resources.
const (
	connectionsURI = "mqtrail://connections"
	operationURI   = "mqtrail://operations/"
	operationsURI  = operationURI + "{name}"
)

func (s *Server) addResources() {
	s.protocol.AddResource(
		mcp.NewResource(connectionsURI, "connections", mcp.WithResourceTitle("Connections"), mcp.WithMIMEType("application/json"),
			mcp.WithResourceDescription("The accounts that can be asked and what they allow, as list_connections answers.")),
		server.ResourceHandlerFunc(s.resource("application/json", func(string) (string, error) {
			encoded, err := encode(s.connectionList())
			return string(encoded), err
		})))
	s.protocol.AddResourceTemplate(
		mcp.NewResourceTemplate(operationsURI, "operation", mcp.WithTemplateTitle("Operation"), mcp.WithTemplateMIMEType("text/markdown"),
			mcp.WithTemplateDescription("One operation for reading: what it does, its arguments, an example.")),
		s.resource("text/markdown", s.operationDocument))
}

// resource makes a text a resource. A panic becomes an error that says nothing of the insides.
func (s *Server) resource(mime string, text func(uri string) (string, error)) server.ResourceTemplateHandlerFunc {
	return func(_ context.Context, request mcp.ReadResourceRequest) (contents []mcp.ResourceContents, err error) {
		uri := request.Params.URI
		defer func() {
			if cause := recover(); cause != nil {
				s.logger.Error().Str("resource", uri).Interface("panic", cause).Bytes("stack", debug.Stack()).Msg("a resource panicked")
				contents, err = nil, errors.New("the resource failed inside mqtrail; the log says where")
			}
		}()
		read, err := text(uri)
		if err != nil {
			return nil, err
		}
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: uri, MIMEType: mime, Text: read}}, nil
	}
}

// operationDocument is an operation in Markdown.
func (s *Server) operationDocument(uri string) (string, error) {
	d, err := s.describe(describeArguments{Operation: strings.TrimPrefix(uri, operationURI), Answer: true})
	if err != nil {
		return "", err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "# %s\n\n%s\n\n%s\n\n", d.Name, d.Title, d.Description.Description)
	fmt.Fprintf(&text, "- Vendor's name: %s\n- Access: %s\n", d.VendorName, d.Access)
	for _, escalation := range d.Escalations {
		fmt.Fprintf(&text, "- Access: %s\n", escalation)
	}
	if d.Billable {
		text.WriteString("- It costs money.\n")
	}
	fmt.Fprintf(&text, "- Toolset: %s\n", d.Toolset)
	if d.Request != "" {
		fmt.Fprintf(&text, "- Request: `%s`\n", d.Request)
	}
	for _, set := range d.OneSetOf {
		fmt.Fprintf(&text, "- One whole set of: %s\n", strings.Join(set, ", "))
	}
	fmt.Fprintf(&text, "\n%s\n", d.Next)
	sections := []struct {
		title string
		value any
	}{{"Arguments", d.Input}, {"Example", d.Example}, {"Answer", d.Output}}
	for _, section := range sections {
		if section.title == "Example" && d.Example == nil {
			continue
		}
		encoded, err := encode(section.value)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&text, "\n## %s\n\n```json\n%s\n```\n", section.title, encoded)
	}
	return text.String(), nil
}
