package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// message says what is wrong and what is allowed.
func (r *report) message(l leaf) string {
	switch found := l.err.ErrorKind.(type) {
	case *kind.Type:
		return r.typeMessage(l, found.Want)
	case *kind.Enum:
		return r.enumMessage(l, found.Want)
	case *kind.Const:
		return fmt.Sprintf("%s is not allowed; want %s", r.got(l), show(found.Want))
	case *kind.Pattern:
		return fmt.Sprintf("%s does not match %s%s", r.got(l), clip(found.Want, maxDescription), r.described(r.schemaOf(l.err)))
	case *kind.Format:
		return fmt.Sprintf("%s is no %s%s", r.got(l), found.Want, r.described(r.schemaOf(l.err)))
	case *kind.Required:
		return "required, and not given" + r.described(r.property(l))
	case *kind.DependentRequired:
		return r.dependentMessage(l, found.Prop)
	case *kind.Dependency:
		return r.dependentMessage(l, found.Prop)
	case *kind.AdditionalProperties:
		return r.unknownMessage(l, r.schemaOf(l.err))
	case *kind.PropertyNames:
		return r.nameMessage(l)
	case *kind.AnyOf:
		return r.formsMessage(l)
	case *kind.OneOf:
		if len(found.Subschemas) > 1 {
			return fmt.Sprintf("fits form %d and form %d at once; want exactly one", found.Subschemas[0]+1, found.Subschemas[1]+1)
		}
		return r.formsMessage(l)
	case *kind.FalseSchema:
		return r.refusedMessage(l)
	case *kind.Not:
		return "is what the schema rules out" + r.described(r.schemaOf(l.err))
	case *kind.UniqueItems:
		return fmt.Sprintf("items %d and %d are equal; want each once", found.Duplicates[0], found.Duplicates[1])
	default:
		if text, ok := r.boundMessage(l); ok {
			return text
		}
		return "does not fit the schema" + r.described(r.schemaOf(l.err))
	}
}

// boundMessage is for sizes, lengths and ranges.
func (r *report) boundMessage(l leaf) (string, bool) {
	least := func(want, got int, thing string) (string, bool) {
		return fmt.Sprintf("has %s; want at least %d", count(got, thing), want), true
	}
	most := func(want, got int, thing string) (string, bool) {
		return fmt.Sprintf("has %s; want at most %d", count(got, thing), want), true
	}
	number := func(want string) (string, bool) {
		return fmt.Sprintf("want %s, got %s", want, r.got(l)), true
	}
	switch found := l.err.ErrorKind.(type) {
	case *kind.MinLength:
		return least(found.Want, found.Got, "character")
	case *kind.MaxLength:
		return most(found.Want, found.Got, "character")
	case *kind.MinItems:
		return least(found.Want, found.Got, "item")
	case *kind.MaxItems:
		return most(found.Want, found.Got, "item")
	case *kind.MinProperties:
		return least(found.Want, found.Got, r.view.Noun)
	case *kind.MaxProperties:
		return most(found.Want, found.Got, r.view.Noun)
	case *kind.Contains:
		return "no item is of the kind that is wanted" + r.described(r.schemaOf(l.err)), true
	case *kind.MinContains:
		return least(found.Want, len(found.Got), "fitting item")
	case *kind.MaxContains:
		return most(found.Want, len(found.Got), "fitting item")
	case *kind.Minimum:
		return number("at least " + exact(found.Want))
	case *kind.Maximum:
		return number("at most " + exact(found.Want))
	case *kind.ExclusiveMinimum:
		return number("more than " + exact(found.Want))
	case *kind.ExclusiveMaximum:
		return number("less than " + exact(found.Want))
	case *kind.MultipleOf:
		return number("a multiple of " + exact(found.Want))
	default:
		return "", false
	}
}

func (r *report) typeMessage(l leaf, want []string) string {
	value, _ := at(r.document, l.path)
	got := showTyped(value)
	if l.hidden {
		got = typeWord(typeOf(value))
	}
	text := fmt.Sprintf("want %s, got %s", typeWords(want), got)
	switch value := value.(type) {
	case string:
		if quotedByMistake(value, want) {
			text += "; leave out the quotes"
		}
	case json.Number, bool:
		if slices.Contains(want, "string") {
			text += "; put it in quotes"
		}
	}
	return text
}

// quotedByMistake reports whether a text is a value of a wanted type between quotes.
func quotedByMistake(text string, want []string) bool {
	value, fault := parse(json.RawMessage(text))
	if fault != nil {
		return false
	}
	for _, name := range want {
		if typeOf(value) == name || name == "integer" && isInteger(text) {
			return true
		}
	}
	return false
}

func isInteger(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}

func (r *report) enumMessage(l leaf, want []any) string {
	words := make([]string, len(want))
	var texts []string
	for i, value := range want {
		words[i] = show(value)
		if text, ok := value.(string); ok {
			texts = append(texts, text)
			words[i] = printable(text)
		}
	}
	text := fmt.Sprintf("%s is not allowed; want one of %s", r.got(l), list(words))
	if len(want) == 1 {
		text = fmt.Sprintf("%s is not allowed; want %s", r.got(l), words[0])
	}
	value, _ := at(r.document, l.path)
	if given, ok := value.(string); ok && !l.hidden {
		text += didYouMean(given, texts)
	}
	return text
}

func (r *report) unknownMessage(l leaf, schema map[string]any) string {
	known := r.known(schema)
	if len(known) == 0 {
		return "unknown " + r.view.Noun + "; none is known here"
	}
	meant := didYouMean(l.path[len(l.path)-1], known)
	if meant == "" {
		meant = "."
	}
	return "unknown " + r.view.Noun + meant + " Known: " + list(known)
}

func (r *report) refusedMessage(l leaf) string {
	parent, ok := r.unevaluated(l.err)
	if !ok {
		return "not allowed here"
	}
	known := r.known(parent)
	for _, name := range known {
		if name == l.path[len(l.path)-1] {
			return "not allowed together with the rest of what is given"
		}
	}
	return r.unknownMessage(l, parent)
}

func (r *report) dependentMessage(l leaf, with string) string {
	return fmt.Sprintf("required together with %s, and not given%s", printable(with), r.described(r.property(l)))
}

func (r *report) nameMessage(l leaf) string {
	names, _ := r.schemaOf(l.err)["pattern"].(string)
	text := "is no name that is allowed here"
	if names != "" {
		text += "; want one that matches " + clip(names, maxDescription)
	}
	return text + r.described(r.schemaOf(l.err))
}

// formsMessage sums up why a value fits none of several forms.
func (r *report) formsMessage(l leaf) string {
	if want := wantedTypes(l.err); want != nil {
		return r.typeMessage(l, want)
	}
	const maxForms = 5
	var forms []string
	for i, form := range l.err.Causes {
		if i == maxForms {
			forms = append(forms, fmt.Sprintf("and %d more forms", len(l.err.Causes)-i))
			break
		}
		forms = append(forms, fmt.Sprintf("(%d) %s", i+1, r.formMessage(form, l)))
	}
	return fmt.Sprintf("fits none of %s: %s", count(len(l.err.Causes), "form"), strings.Join(forms, "; "))
}

// wantedTypes are the types of all forms, when the value is of none of them.
func wantedTypes(err *jsonschema.ValidationError) []string {
	var want []string
	for _, form := range err.Causes {
		mismatch := typeMismatch(form, len(err.InstanceLocation))
		if mismatch == nil {
			return nil
		}
		want = append(want, mismatch.Want...)
	}
	return want
}

// formMessage is what keeps a value from one form; places are named from the value on.
func (r *report) formMessage(form *jsonschema.ValidationError, l leaf) string {
	const maxPerForm = 3
	within := report{checker: r.checker, document: r.document, view: r.view}
	within.collect(form, l.hidden)
	faults := within.faults()
	var texts []string
	for i, fault := range faults {
		if i == maxPerForm {
			texts = append(texts, fmt.Sprintf("and %d more", len(faults)-i))
			break
		}
		place := strings.TrimPrefix(fault.Pointer, Pointer(l.path))
		if place != "" {
			place += " "
		}
		texts = append(texts, place+fault.Message)
	}
	return strings.Join(texts, ", ")
}

// got is the value at fault, or in its stead what may be said of a secret.
func (r *report) got(l leaf) string {
	if l.hidden {
		return "the value (not shown)"
	}
	value, _ := at(r.document, l.path)
	return show(value)
}

// property is the schema of the property that a leaf names.
func (r *report) property(l leaf) map[string]any {
	properties, _ := r.schemaOf(l.err)["properties"].(map[string]any)
	property, _ := properties[l.path[len(l.path)-1]].(map[string]any)
	return property
}

// described is what the schema says of a value, in brackets; "" when it says nothing.
func (r *report) described(schema map[string]any) string {
	text, _ := schema["description"].(string)
	text = clip(text, maxDescription)
	if examples, ok := schema["examples"].([]any); ok && len(examples) > 0 {
		text = strings.TrimSpace(text + " Example: " + show(examples[0]))
	}
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

func didYouMean(given string, valid []string) string {
	if nearest := Nearest(given, valid); nearest != "" {
		return "; did you mean " + printable(nearest) + "?"
	}
	return ""
}
