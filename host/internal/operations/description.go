package operations

import (
	"encoding/json"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// Description is what there is to say of an operation, whatever connections there are.
type Description struct {
	Name        string     `json:"name"`
	VendorName  string     `json:"vendor_name,omitempty"`
	Title       string     `json:"title"`
	Description string     `json:"description,omitempty"`
	Request     string     `json:"request,omitempty"`
	Plugin      string     `json:"plugin"`
	Product     string     `json:"product,omitempty"`
	Access      sdk.Access `json:"access"`
	// Escalations are arguments that make a call need more than Access.
	Escalations []Escalation `json:"escalations,omitempty"`
	Billable    bool         `json:"billable,omitempty"`
	Toolset     string       `json:"toolset"`
	Keywords    []string     `json:"keywords,omitempty"`
	Aliases     []string     `json:"aliases,omitempty"`
	// OneSetOf are alternative sets of arguments: a call gives one whole set and nothing of the others.
	OneSetOf [][]string `json:"one_set_of,omitempty"`
	// Input and Output are JSON schemas of the arguments and of the answer, as clients see them.
	Input  json.RawMessage `json:"input"`
	Output json.RawMessage `json:"output,omitempty"`
	// Related is empty, not nil, when nothing is.
	Related []Related `json:"related"`
}

// Related is an operation that deals with the same things.
type Related struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// Escalation is an argument that makes a call need more access.
type Escalation struct {
	Pointer string            `json:"pointer"`
	Values  []json.RawMessage `json:"values,omitempty"` // none: whatever the value is
	Access  sdk.Access        `json:"access"`
}

// String is the escalation in words: destructive when action is "delete".
func (e Escalation) String() string {
	values := make([]string, len(e.Values))
	for i, value := range e.Values {
		values[i] = string(value)
	}
	when := string(e.Access) + " when " + strings.TrimPrefix(e.Pointer, "/")
	if len(values) == 0 {
		return when + " is given"
	}
	return when + " is " + strings.Join(values, " or ")
}

// Describe describes one of the catalogue's operations. The error is that of a schema that cannot be shown.
func (c *Catalogue) Describe(operation *Operation) (*Description, error) {
	input, err := operation.Input()
	if err != nil {
		return nil, err
	}
	output, err := operation.Output()
	if err != nil {
		return nil, err
	}
	d := &Description{
		Name: operation.Name, VendorName: operation.VendorName, Title: operation.Title, Description: operation.Description(),
		Request: operation.Request, Plugin: operation.Plugin, Product: operation.Product, Access: operation.Needs(),
		Billable: operation.Billable, Toolset: operation.Toolset, Keywords: operation.whole().Keywords, Aliases: operation.Aliases,
		OneSetOf: operation.OneSetOf(), Input: input, Output: output, Related: []Related{},
	}
	for _, escalation := range operation.escalations {
		values := make([]json.RawMessage, len(escalation.Values))
		for i, value := range escalation.Values {
			values[i] = value
		}
		d.Escalations = append(d.Escalations, Escalation{escalation.Pointer, values, sdk.Access(escalation.Access)})
	}
	for _, other := range c.Related(operation) {
		d.Related = append(d.Related, Related{other.Name, other.Title})
	}
	return d, nil
}
