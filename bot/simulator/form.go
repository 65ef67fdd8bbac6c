package simulator

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"sync"
)

// maxBody is the largest request that is read: a little more than the 50 MB
// that Telegram takes as an upload.
const maxBody = 52 << 20

// rawParam is one parameter as it came: the text of a form or query value, or
// the native value of a JSON body.
type rawParam struct {
	name string
	text string
	json any
}

// upload is a file part of a multipart form.
type upload struct {
	name string
	data []byte
}

// rawParams are the parameters of one call in the order they came.
type rawParams struct {
	values []rawParam
	files  map[string]*upload
}

var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readParams reads query, urlencoded form, JSON body or multipart form.
func readParams(r *http.Request) (*rawParams, error) {
	raw := &rawParams{}
	if r.URL.RawQuery != "" {
		if err := raw.addQuery(r.URL.RawQuery); err != nil {
			return nil, err
		}
	}
	if r.Body == nil || r.Method == http.MethodGet {
		return raw, nil
	}
	buf := bodies.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() < 1<<20 {
			buf.Reset()
			bodies.Put(buf)
		}
	}()
	if _, err := buf.ReadFrom(io.LimitReader(r.Body, maxBody)); err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	if buf.Len() == 0 {
		return raw, nil
	}
	return raw, raw.addBody(r.Header.Get("Content-Type"), buf.Bytes())
}

func (raw *rawParams) addBody(contentType string, body []byte) error {
	media, attributes, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("content type %q: %w", contentType, err)
	}
	switch media {
	case "multipart/form-data":
		return raw.addMultipart(body, attributes["boundary"])
	case "application/x-www-form-urlencoded":
		return raw.addQuery(string(body))
	case "application/json":
		return raw.addJSON(body)
	}
	return fmt.Errorf("content type %q is not read", media)
}

func (raw *rawParams) addQuery(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, text := range values[name] {
			raw.values = append(raw.values, rawParam{name: name, text: text})
		}
	}
	return nil
}

func (raw *rawParams) addJSON(body []byte) error {
	v, err := decodeJSON(body)
	if err != nil {
		return err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("the JSON body is not an object")
	}
	return raw.addObject(object)
}

func (raw *rawParams) addObject(object map[string]any) error {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if object[name] == nil {
			return fmt.Errorf("parameter %q is null", name)
		}
		raw.values = append(raw.values, rawParam{name: name, json: object[name]})
	}
	return nil
}

// addMultipart splits the form by hand: mime/multipart costs several times as
// much for the small forms that bots send.
func (raw *rawParams) addMultipart(body []byte, boundary string) error {
	if boundary == "" {
		return fmt.Errorf("multipart form without a boundary")
	}
	limit := []byte("\r\n--" + boundary)
	rest, ok := bytes.CutPrefix(body, limit[2:])
	if !ok {
		return fmt.Errorf("multipart form does not begin with its boundary")
	}
	for {
		if bytes.HasPrefix(rest, []byte("--")) {
			return nil
		}
		rest, ok = bytes.CutPrefix(rest, []byte("\r\n"))
		if !ok {
			return fmt.Errorf("multipart form is damaged")
		}
		part, after, ok := bytes.Cut(rest, limit)
		if !ok {
			return fmt.Errorf("multipart form is cut off")
		}
		if err := raw.addPart(part); err != nil {
			return err
		}
		rest = after
	}
}

func (raw *rawParams) addPart(part []byte) error {
	header, content, ok := bytes.Cut(part, []byte("\r\n\r\n"))
	if !ok {
		return fmt.Errorf("multipart part without an end of its header")
	}
	name, filename, isFile := disposition(string(header))
	if name == "" {
		return fmt.Errorf("multipart part without a name")
	}
	if !isFile {
		raw.values = append(raw.values, rawParam{name: name, text: string(content)})
		return nil
	}
	if raw.files == nil {
		raw.files = map[string]*upload{}
	}
	raw.files[name] = &upload{name: filename, data: bytes.Clone(content)}
	return nil
}

// disposition reads name and filename out of a part's header; the common form
// is read directly, everything else by the mime package.
func disposition(header string) (name, filename string, isFile bool) {
	const common = `Content-Disposition: form-data; name="`
	if rest, ok := strings.CutPrefix(header, common); ok && strings.HasSuffix(rest, `"`) &&
		strings.Count(rest, `"`) == 1 && !strings.Contains(rest, `\`) {
		return rest[:len(rest)-1], "", false
	}
	for line := range strings.SplitSeq(header, "\r\n") {
		key, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(strings.TrimSpace(key), "Content-Disposition") {
			continue
		}
		_, attributes, err := mime.ParseMediaType(strings.TrimSpace(value))
		if err != nil {
			return "", "", false
		}
		filename, isFile = attributes["filename"]
		return attributes["name"], filename, isFile
	}
	return "", "", false
}
