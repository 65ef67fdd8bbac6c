package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strconv"
)

// checkParams turns the raw parameters of a call into values of the types the
// Bot API documents, and refuses what the documentation does not allow.
func checkParams(m *method, raw *rawParams) (map[string]any, *refusal) {
	params := make(map[string]any, len(raw.values)+len(raw.files))
	for _, p := range raw.values {
		f := m.fields[p.name]
		if f == nil {
			return nil, departs("unknown parameter %q", p.name)
		}
		if _, twice := params[p.name]; twice {
			return nil, departs("parameter %q is given twice", p.name)
		}
		v, bad := checkParam(f, p)
		if bad != nil {
			return nil, bad
		}
		params[p.name] = v
	}
	for name := range raw.files {
		f := m.fields[name]
		if f == nil {
			continue // an attachment, looked up by its attach:// reference
		}
		if !f.file {
			return nil, departs("parameter %q can't be a file", name)
		}
		params[name] = raw.files[name]
	}
	for _, f := range m.required {
		if _, ok := params[f.name]; !ok {
			return nil, missing(m, f)
		}
	}
	return params, nil
}

// missing is Telegram's own text for an absent parameter, where it has one.
func missing(m *method, f *field) *refusal {
	switch f.name {
	case "chat_id", "from_chat_id", "user_id":
		return departs("%s is empty", f.name)
	case "text":
		return departs("message text is empty")
	case "message_id":
		return departs("message identifier is not specified")
	case "photo", "video", "voice", "video_note", "document", "audio", "animation":
		return departs("there is no %s in the request", f.name)
	}
	return departs("parameter %q is required", f.name)
}

// checkParam reads one parameter by its documented type.
func checkParam(f *field, p rawParam) (any, *refusal) {
	if p.json != nil {
		return checkJSONParam(f, p)
	}
	switch f.scalar {
	case asString:
		return p.text, nil
	case asInteger:
		n, err := strconv.ParseInt(p.text, 10, 64)
		if err != nil {
			return nil, departs("parameter %q must be of type Integer", f.name)
		}
		return n, nil
	case asChat:
		if n, err := strconv.ParseInt(p.text, 10, 64); err == nil {
			return n, nil
		}
		return p.text, nil
	case asFloat:
		n, err := strconv.ParseFloat(p.text, 64)
		if err != nil {
			return nil, departs("parameter %q must be of type Float", f.name)
		}
		return n, nil
	case asBoolean:
		switch p.text {
		case "true", "True", "1":
			return true, nil
		case "false", "False", "0":
			return false, nil
		}
		return nil, departs("parameter %q must be of type Boolean", f.name)
	}
	v, err := decodeJSON([]byte(p.text))
	if err != nil {
		return nil, departs("can't parse %s JSON object", spoken(f.name))
	}
	return checkNested(f, v)
}

// checkJSONParam reads a parameter out of a JSON body: a native value, or, for
// objects and arrays, the same as a string.
func checkJSONParam(f *field, p rawParam) (any, *refusal) {
	v := p.json
	if s, ok := v.(string); ok && f.scalar == asJSON {
		return checkParam(f, rawParam{name: p.name, text: s})
	}
	if s, ok := v.(string); ok && f.scalar == asChat {
		return checkParam(f, rawParam{name: p.name, text: s})
	}
	return checkNested(f, v)
}

func checkNested(f *field, v any) (any, *refusal) {
	v, fault := checkValue(f.kinds, v, "")
	if fault == "" {
		return v, nil
	}
	return nil, departs("can't parse %s: %s", spoken(f.name), fault)
}

// spoken is how Telegram names a parameter inside an error text.
func spoken(name string) string {
	if name == "reply_markup" {
		return "reply keyboard markup"
	}
	return name
}

func decodeJSON(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one value")
	}
	return v, nil
}

// checkValue checks v against the alternatives and returns it with its numbers
// as int64 or float64; fault is empty when v is allowed.
func checkValue(kinds []*kind, v any, path string) (out any, fault string) {
	switch v := v.(type) {
	case string:
		if hasTag(kinds, stringTag) {
			return v, ""
		}
	case bool:
		if hasTag(kinds, booleanTag) {
			return v, ""
		}
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil && hasTag(kinds, integerTag) {
			return n, ""
		}
		if n, err := v.Float64(); err == nil && hasTag(kinds, floatTag) {
			return n, ""
		}
	case []any:
		for _, k := range kinds {
			if k.tag == arrayTag {
				return checkArray(k, v, path)
			}
		}
	case map[string]any:
		if objects := withTag(kinds, objectTag); len(objects) > 0 {
			return checkObjects(objects, v, path)
		}
	}
	return nil, fmt.Sprintf("Field %q must be of type %s", orSelf(path), typeNames(kinds))
}

func checkArray(k *kind, list []any, path string) (any, string) {
	for i, v := range list {
		out, fault := checkValue(k.elem, v, path+"["+strconv.Itoa(i)+"]")
		if fault != "" {
			return nil, fault
		}
		list[i] = out
	}
	return list, ""
}

// checkObjects picks the one alternative that the fields of v point at, then
// checks v against it.
func checkObjects(kinds []*kind, v map[string]any, path string) (any, string) {
	candidates := leaves(kinds, nil)
	if len(candidates) > 1 {
		candidates = fitting(candidates, v)
	}
	if len(candidates) == 0 {
		return nil, fmt.Sprintf("Field %q is none of %s", orSelf(path), typeNames(kinds))
	}
	var first string
	for _, o := range candidates {
		fault := checkObject(o, v, path)
		if fault == "" {
			return v, ""
		}
		if first == "" {
			first = fault
		}
	}
	return nil, first
}

// leaves replaces objects that only have subtypes by these.
func leaves(kinds []*kind, found []*object) []*object {
	for _, k := range kinds {
		switch {
		case k.tag != objectTag:
		case len(k.object.subtypes) > 0:
			found = leaves(k.object.subtypes, found)
		default:
			found = append(found, k.object)
		}
	}
	return found
}

// fitting keeps the objects whose discriminator has the value v gives it and
// whose required fields are all there.
func fitting(objects []*object, v map[string]any) []*object {
	var out []*object
	for _, o := range objects {
		fits := true
		for _, f := range o.required {
			given, ok := v[f.name]
			fits = fits && ok && (f.constant == "" || given == f.constant)
		}
		if fits {
			out = append(out, o)
		}
	}
	if len(out) == 0 { // report the missing field of the type that is named
		for _, o := range objects {
			for _, f := range o.required {
				if f.constant != "" && v[f.name] == f.constant {
					return []*object{o}
				}
			}
		}
	}
	return out
}

func checkObject(o *object, v map[string]any, path string) string {
	for name, value := range v {
		f := o.fields[name]
		if f == nil {
			return fmt.Sprintf("unknown field %q in %s", join(path, name), o.name)
		}
		if f.constant != "" && value != f.constant {
			return fmt.Sprintf("Field %q must be %q", join(path, name), f.constant)
		}
		out, fault := checkValue(f.kinds, value, join(path, name))
		if fault != "" {
			return fault
		}
		v[name] = out
	}
	for _, f := range o.required {
		if _, ok := v[f.name]; !ok {
			return fmt.Sprintf("Can't find field %q", join(path, f.name))
		}
	}
	return ""
}

func hasTag(kinds []*kind, t tag) bool {
	for _, k := range kinds {
		if k.tag == t || k.tag == objectTag && hasTag(k.object.subtypes, t) {
			return true
		}
	}
	return false
}

func withTag(kinds []*kind, t tag) []*kind {
	var out []*kind
	for _, k := range kinds {
		if k.tag == t {
			out = append(out, k)
		}
	}
	return out
}

func typeNames(kinds []*kind) string {
	var names []string
	for _, k := range kinds {
		switch k.tag {
		case stringTag:
			names = append(names, "String")
		case integerTag:
			names = append(names, "Integer")
		case floatTag:
			names = append(names, "Float")
		case booleanTag:
			names = append(names, "Boolean")
		case arrayTag:
			names = append(names, "Array")
		case objectTag:
			names = append(names, k.object.name)
		}
	}
	sort.Strings(names)
	return fmt.Sprint(names)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func orSelf(path string) string {
	if path == "" {
		return "value"
	}
	return path
}
