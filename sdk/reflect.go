package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
)

var (
	errNoObject = errors.New("want one JSON object")
	errTrailing = errors.New("something follows the JSON object")
)

// reflectSchema is the JSON schema of a Go type, as one object without references: some clients resolve none.
func reflectSchema[V any](docs Docs) (json.RawMessage, error) {
	schema, err := reflected[V](docs)
	if err != nil {
		return nil, err
	}
	return json.Marshal(schema)
}

// reflectOutput is the same for a result. It describes and never rejects: a nil slice is null in JSON, a newer
// plugin adds fields, and some clients throw away a whole result that fails its schema.
func reflectOutput[V any](docs Docs) (json.RawMessage, error) {
	schema, err := reflected[V](docs)
	if err != nil {
		return nil, err
	}
	schema.Required = nil
	for property := schema.Properties.Oldest(); property != nil; property = property.Next() {
		relax(property.Value)
	}
	return json.Marshal(schema)
}

// relax lets a schema below the root accept null, new values and a lack of fields.
func relax(schema *jsonschema.Schema) {
	schema.Required = nil
	schema.Examples = append(schema.Examples, schema.Enum...) // vendors add values
	schema.Enum = nil
	if kind := schema.Type; kind != "" {
		schema.Type = ""
		if schema.Extras == nil {
			schema.Extras = map[string]any{}
		}
		schema.Extras["type"] = []string{kind, "null"}
	}
	if schema.Properties != nil {
		for property := schema.Properties.Oldest(); property != nil; property = property.Next() {
			relax(property.Value)
		}
	}
	for _, below := range []*jsonschema.Schema{schema.Items, schema.AdditionalProperties} {
		if below != nil && below != jsonschema.FalseSchema {
			relax(below)
		}
	}
}

func reflected[V any](docs Docs) (schema *jsonschema.Schema, err error) {
	t := reflect.TypeFor[V]()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s: a schema is reflected from a struct, so that it describes a JSON object", t)
	}
	if err := endless(t, nil); err != nil {
		return nil, err
	}
	// Not ExpandedStruct: it looks the root up by its bare name and takes a namesake further in for it.
	reflector := &jsonschema.Reflector{
		Anonymous:                 true,
		DoNotReference:            true,
		AllowAdditionalProperties: true,
		LookupComment:             docs.of,
		Mapper:                    special,
	}
	defer func() {
		if reason := recover(); reason != nil { // that is how the reflector refuses a type
			schema, err = nil, fmt.Errorf("%s: %v", t, reason)
		}
	}()
	schema = reflector.ReflectFromType(t)
	schema.Version = ""
	markTags(schema, t)
	return schema, nil
}

// special are the types whose JSON is not what their Go type says.
func special(t reflect.Type) *jsonschema.Schema {
	switch {
	case t == reflect.TypeFor[json.Number]():
		return &jsonschema.Schema{Type: "number"}
	case t == reflect.TypeFor[json.RawMessage](), t.Kind() == reflect.Interface:
		// Anything; spelled out, for some clients cannot read the schema true.
		return &jsonschema.Schema{Extras: map[string]any{"type": []string{"object", "array", "string", "number", "boolean", "null"}}}
	default:
		return nil
	}
}

// endless refuses a type that lies within itself: without references its schema would have no end.
func endless(t reflect.Type, within []reflect.Type) error {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		if slices.Contains(within, t) {
			return fmt.Errorf("%s lies within itself: its schema would have no end", t)
		}
		return endless(t.Elem(), append(within, t))
	case reflect.Struct:
	default:
		return nil
	}
	if slices.Contains(within, t) {
		return fmt.Errorf("%s lies within itself: its schema would have no end", t)
	}
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.Anonymous && !field.IsExported() || field.Tag.Get("json") == "-" {
			continue
		}
		if err := endless(field.Type, append(within, t)); err != nil {
			return err
		}
	}
	return nil
}

// markTags carries the tag `mqtrail:"secret"` into the schema, at any depth, where the host finds it, and the tag
// otel, a field's name in OpenTelemetry's conventions, into its description.
func markTags(schema *jsonschema.Schema, t reflect.Type) {
	if schema == nil {
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		markTags(schema, t.Elem())
	case reflect.Slice, reflect.Array:
		markTags(schema.Items, t.Elem())
	case reflect.Map:
		markTags(schema.AdditionalProperties, t.Elem())
	case reflect.Struct:
		if schema.Properties != nil { // time.Time has none
			markFields(schema, t)
		}
	}
}

func markFields(schema *jsonschema.Schema, t reflect.Type) {
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous && field.Tag.Get("json") == "" {
			markTags(schema, field.Type)
			continue
		}
		property, ok := schema.Properties.Get(jsonName(field))
		if !ok {
			continue
		}
		markTags(property, field.Type)
		if name := field.Tag.Get("otel"); name != "" {
			property.Description = strings.TrimSpace(property.Description + " OpenTelemetry: " + name + ".")
		}
		if field.Tag.Get("mqtrail") != "secret" {
			continue
		}
		if property.Extras == nil {
			property.Extras = map[string]any{}
		}
		property.Extras["x-secret"] = true
	}
}

func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "" {
		return field.Name
	}
	return name
}

// Docs are the doc comments of a plugin's own types.
type Docs struct {
	// home is the package of the plugin's settings: main, or under test main's import path.
	home string
	// texts are by "Type" and "Type.Field".
	texts map[string]string
}

func (d Docs) of(t reflect.Type, field string) string {
	if t.PkgPath() != "main" && t.PkgPath() != d.home {
		return "" // only the plugin's own sources are read; a namesake elsewhere is another type
	}
	if field == "" {
		return d.texts[t.Name()]
	}
	return d.texts[t.Name()+"."+field]
}

// ReadDocs reads the doc comments of Go sources, those of the package with the import path home; a nil source has none.
func ReadDocs(source fs.FS, home string) (Docs, error) {
	docs := Docs{home: home, texts: map[string]string{}}
	if source == nil {
		return docs, nil
	}
	files, err := fs.Glob(source, "*.go")
	if err != nil {
		return docs, err
	}
	for _, name := range files {
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return docs, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		if err != nil {
			return docs, err
		}
		docs.addFile(file)
	}
	return docs, nil
}

func (d Docs) addFile(file *ast.File) {
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			typeSpec, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			doc := typeSpec.Doc
			if !general.Lparen.IsValid() { // outside a group the comment stands before the word type
				doc = general.Doc
			}
			d.addType(typeSpec, doc)
		}
	}
}

func (d Docs) addType(spec *ast.TypeSpec, doc *ast.CommentGroup) {
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	d.texts[spec.Name.Name] = sentence(doc)
	for _, field := range structure.Fields.List {
		text := sentence(field.Doc)
		if text == "" {
			text = sentence(field.Comment)
		}
		for _, name := range field.Names {
			d.texts[spec.Name.Name+"."+name.Name] = text
		}
	}
}

func sentence(group *ast.CommentGroup) string {
	return strings.Join(strings.Fields(group.Text()), " ")
}

// titleOf makes "rebuild_index" the title "Rebuild index".
func titleOf(name string) string {
	words := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}
