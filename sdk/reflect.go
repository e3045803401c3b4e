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
	"strings"

	"github.com/invopop/jsonschema"
)

var errTrailing = errors.New("something follows the JSON object")

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

// relax lets a schema below the root accept null and lack fields.
func relax(schema *jsonschema.Schema) {
	schema.Required = nil
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

func reflected[V any](docs Docs) (*jsonschema.Schema, error) {
	t := reflect.TypeFor[V]()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s: a schema is reflected from a struct, so that it describes a JSON object", t)
	}
	reflector := &jsonschema.Reflector{
		Anonymous:                 true,
		DoNotReference:            true,
		ExpandedStruct:            true,
		AllowAdditionalProperties: true,
		LookupComment:             docs.of,
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			if t.Kind() == reflect.Interface || t == reflect.TypeFor[json.RawMessage]() {
				return &jsonschema.Schema{} // anything
			}
			return nil
		},
	}
	schema := reflector.ReflectFromType(t)
	schema.Version = ""
	markSecrets(schema, t)
	return schema, nil
}

// markSecrets carries the tag `mqtrail:"secret"` into the schema, where the host finds it.
func markSecrets(schema *jsonschema.Schema, t reflect.Type) {
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			markSecrets(schema, field.Type)
			continue
		}
		if field.Tag.Get("mqtrail") != "secret" {
			continue
		}
		if property, ok := schema.Properties.Get(jsonName(field)); ok {
			if property.Extras == nil {
				property.Extras = map[string]any{}
			}
			property.Extras["x-secret"] = true
		}
	}
}

func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "" {
		return field.Name
	}
	return name
}

// Docs are the doc comments of a plugin's own types: "Type" and "Type.Field" to text.
type Docs map[string]string

func (d Docs) of(t reflect.Type, field string) string {
	if t.PkgPath() != "main" {
		return "" // only the plugin's own sources are read; a namesake elsewhere is another type
	}
	if field == "" {
		return d[t.Name()]
	}
	return d[t.Name()+"."+field]
}

// readDocs reads the doc comments of Go sources; a nil source has none.
func readDocs(source fs.FS) (Docs, error) {
	docs := Docs{}
	if source == nil {
		return docs, nil
	}
	files, err := fs.Glob(source, "*.go")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		if err != nil {
			return nil, err
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
			if typeSpec, ok := spec.(*ast.TypeSpec); ok {
				d.addType(typeSpec, general.Doc)
			}
		}
	}
}

func (d Docs) addType(spec *ast.TypeSpec, doc *ast.CommentGroup) {
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	d[spec.Name.Name] = sentence(doc)
	for _, field := range structure.Fields.List {
		text := sentence(field.Doc)
		if text == "" {
			text = sentence(field.Comment)
		}
		for _, name := range field.Names {
			d[spec.Name.Name+"."+name.Name] = text
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
