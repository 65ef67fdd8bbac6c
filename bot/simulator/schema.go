package simulator

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

//go:embed api.json.gz
var apiData []byte

// botAPI parses the embedded Bot API description once, at first use.
var botAPI = sync.OnceValue(loadSchema)

// schema is the Bot API compiled for checking: methods by lower-case name.
type schema struct {
	methods   map[string]*method
	updates   map[string]bool
	reactions string // the description that lists the allowed reaction emoji
}

// method is one Bot API method with its parameters.
type method struct {
	name     string
	fields   map[string]*field
	required []*field
}

// field is one parameter of a method or one field of an object.
type field struct {
	name     string
	required bool
	kinds    []*kind
	types    string // as the documentation writes them, for error texts
	constant string // the only value allowed, empty when any is
	scalar   scalar // how a form value is read
	file     bool   // an upload is accepted
}

// object is one Bot API type.
type object struct {
	name     string
	fields   map[string]*field
	required []*field
	subtypes []*kind
}

// scalar says how the text of a form value becomes a value.
type scalar int

const (
	asJSON scalar = iota
	asString
	asInteger
	asChat // Integer or String
	asFloat
	asBoolean
)

// tag is the JSON shape of a kind.
type tag int

const (
	stringTag tag = iota
	integerTag
	floatTag
	booleanTag
	arrayTag
	objectTag
)

// kind is one alternative type of a field.
type kind struct {
	tag    tag
	elem   []*kind // of an array
	object *object // of an object
}

type apiFile struct {
	Methods map[string]apiEntry `json:"methods"`
	Types   map[string]apiEntry `json:"types"`
}

type apiEntry struct {
	Name   string `json:"name"`
	Fields []struct {
		Name        string   `json:"name"`
		Types       []string `json:"types"`
		Required    bool     `json:"required"`
		Description string   `json:"description"`
	} `json:"fields"`
	Subtypes []string `json:"subtypes"`
}

func loadSchema() *schema {
	file, err := readAPI(apiData)
	if err != nil {
		panic(fmt.Sprintf("simulator: embedded api.json.gz: %v", err))
	}
	c := compiler{types: file.Types, objects: map[string]*object{}}
	s := &schema{methods: map[string]*method{}, updates: map[string]bool{}}
	for name, entry := range file.Methods {
		m := &method{name: name, fields: map[string]*field{}}
		for _, f := range c.fields(entry) {
			m.fields[f.name] = f
			if f.required {
				m.required = append(m.required, f)
			}
		}
		s.methods[strings.ToLower(name)] = m
	}
	for _, f := range file.Types["Update"].Fields {
		if f.Name != "update_id" {
			s.updates[f.Name] = true
		}
	}
	for _, f := range file.Types["ReactionTypeEmoji"].Fields {
		if f.Name == "emoji" {
			s.reactions = f.Description
		}
	}
	return s
}

func readAPI(packed []byte) (apiFile, error) {
	var file apiFile
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return file, err
	}
	err = json.NewDecoder(r).Decode(&file)
	return file, err
}

// compiler turns the documentation's types into kinds, each object once.
type compiler struct {
	types   map[string]apiEntry
	objects map[string]*object
}

// constantText finds the fixed value of a discriminator in its description:
// "Scope type, must be chat", `Type of the reaction, always "emoji"`.
var constantText = regexp.MustCompile(`(?:, must be|always) ["“]?([a-z_]+)["”]?\.?$`)

func (c compiler) fields(entry apiEntry) []*field {
	var fields []*field
	for _, f := range entry.Fields {
		out := &field{
			name:     f.Name,
			required: f.Required,
			kinds:    c.kinds(f.Types),
			types:    strings.Join(f.Types, " or "),
			scalar:   scalarOf(f.Types),
		}
		for _, t := range f.Types {
			out.file = out.file || t == "InputFile"
		}
		if match := constantText.FindStringSubmatch(f.Description); match != nil && out.scalar == asString {
			out.constant = match[1]
		}
		fields = append(fields, out)
	}
	return fields
}

func scalarOf(types []string) scalar {
	switch strings.Join(types, "|") {
	case "String", "InputFile|String", "InputFile":
		return asString
	case "Integer":
		return asInteger
	case "Integer|String":
		return asChat
	case "Float":
		return asFloat
	case "Boolean":
		return asBoolean
	}
	return asJSON
}

// kinds compiles alternatives; several "Array of X" become one array.
func (c compiler) kinds(types []string) []*kind {
	var kinds []*kind
	var array *kind
	for _, t := range types {
		elem, isArray := strings.CutPrefix(t, "Array of ")
		if !isArray {
			kinds = append(kinds, c.kind(t))
			continue
		}
		if array == nil {
			array = &kind{tag: arrayTag}
			kinds = append(kinds, array)
		}
		array.elem = append(array.elem, c.kinds([]string{elem})...)
	}
	return kinds
}

func (c compiler) kind(name string) *kind {
	switch name {
	case "String", "InputFile":
		return &kind{tag: stringTag}
	case "Integer":
		return &kind{tag: integerTag}
	case "Float":
		return &kind{tag: floatTag}
	case "Boolean", "True":
		return &kind{tag: booleanTag}
	}
	return &kind{tag: objectTag, object: c.object(name)}
}

func (c compiler) object(name string) *object {
	if o := c.objects[name]; o != nil {
		return o
	}
	o := &object{name: name, fields: map[string]*field{}}
	c.objects[name] = o
	entry := c.types[name]
	o.subtypes = c.kinds(entry.Subtypes)
	for _, f := range c.fields(entry) {
		o.fields[f.name] = f
		if f.required {
			o.required = append(o.required, f)
		}
	}
	return o
}
