package simulator

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // photos are read as either
	"image/png"
	"mime"
	"net/http"
	"path"
	"strings"
)

// storedFile is one file of this Telegram. A photo is its largest size; sizes
// are all of them, smallest first.
type storedFile struct {
	id       string // file_id
	unique   string // file_unique_id
	kind     string
	name     string
	mime     string
	path     string
	width    int
	height   int
	duration int
	size     int
	data     []byte // uploaded; drawn when nil
	sizes    []*storedFile
}

func (f *storedFile) wire() wireFile {
	return wireFile{
		FileID: f.id, FileUniqueID: f.unique, FileSize: f.size, Width: f.width, Height: f.height,
		Duration: f.duration, FileName: f.name, MimeType: f.mime,
	}
}

// fileKind is how Telegram stores one kind of file.
type fileKind struct {
	class  string // as error texts name it
	prefix string // of a file_id
	folder string
	ending string
	mime   string
	width  int
	height int
}

var fileKinds = map[string]fileKind{
	"photo":      {"Photo", "AgACAgIAAxkB", "photos", ".png", "", 800, 600},
	"video":      {"Video", "BAACAgIAAxkB", "videos", ".mp4", "video/mp4", 640, 480},
	"video_note": {"VideoNote", "DQACAgIAAxkB", "video_notes", ".mp4", "", 240, 240},
	"voice":      {"VoiceNote", "AwACAgIAAxkB", "voice", ".oga", "audio/ogg", 0, 0},
	"audio":      {"Audio", "CQACAgIAAxkB", "music", ".mp3", "audio/mpeg", 0, 0},
	"document":   {"Document", "BQACAgIAAxkB", "documents", ".pdf", "application/pdf", 0, 0},
	"animation":  {"Animation", "CgACAgIAAxkB", "animations", ".mp4", "video/mp4", 320, 240},
	"sticker":    {"Sticker", "CAACAgIAAxkB", "stickers", ".webp", "", 512, 512},
}

// endings tell what a document is: Telegram goes by the name of the file.
var endings = map[string]string{".pdf": "application/pdf", ".ics": "text/calendar", ".csv": "text/csv", ".txt": "text/plain"}

// photoSizes are the widths and heights that every photo comes in.
var photoSizes = [][2]int{{90, 68}, {320, 240}, {800, 600}}

// store makes a file of a kind; data is nil for one that is drawn. The lock
// is held.
func (s *Server) store(kind, name string, duration int, data []byte) *storedFile {
	if kind != "photo" {
		k := fileKinds[kind]
		f := s.storeOne(kind, k.width, k.height, data)
		f.name, f.duration, f.mime = name, duration, k.mime
		if known := endings[path.Ext(name)]; kind == "document" && known != "" {
			f.mime = known
		}
		return f
	}
	var sizes []*storedFile
	for _, size := range photoSizes {
		f := s.storeOne(kind, size[0], size[1], data)
		sizes = append(sizes, f)
	}
	for _, f := range sizes {
		f.sizes = sizes
	}
	return sizes[len(sizes)-1]
}

// Bounds of an uploaded photo, and of the largest size that Telegram keeps of it.
const (
	maxPhoto      = 10 << 20
	maxPhotoSides = 10000 // width and height together
	maxPhotoRatio = 20
	maxPhotoShown = 1280
)

// storePhoto keeps an uploaded photo: a picture, within Telegram's bounds.
func (s *Server) storePhoto(data []byte) (*storedFile, *refusal) {
	if len(data) > maxPhoto {
		return nil, departs("file is too big")
	}
	picture, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, departs("IMAGE_PROCESS_FAILED")
	}
	long, short := max(picture.Width, picture.Height), min(picture.Width, picture.Height)
	if long+short > maxPhotoSides || short == 0 || long > maxPhotoRatio*short {
		return nil, departs("PHOTO_INVALID_DIMENSIONS")
	}
	var sizes []*storedFile
	for _, box := range []int{90, 320, 800, maxPhotoShown} {
		scaled := min(box, long)
		sizes = append(sizes, s.storeOne("photo", max(1, picture.Width*scaled/long), max(1, picture.Height*scaled/long), data))
		if box >= long {
			break
		}
	}
	for _, f := range sizes {
		f.sizes = sizes
	}
	return sizes[len(sizes)-1], nil
}

func (s *Server) storeOne(kind string, width, height int, data []byte) *storedFile {
	s.serial++
	k := fileKinds[kind]
	var seed [8]byte
	binary.BigEndian.PutUint64(seed[:], uint64(s.serial))
	sum := sha256.Sum256(append([]byte(s.cfg.Token+kind), seed[:]...))
	code := base64.RawURLEncoding.EncodeToString(sum[:])
	f := &storedFile{
		id: k.prefix + code, unique: "AQAD" + code[30:41], kind: kind, width: width, height: height, data: data,
		path: fmt.Sprintf("%s/file_%d%s", k.folder, s.serial, k.ending), size: len(data),
	}
	if data == nil {
		f.size = 1000 + width*height/10
	}
	s.files[f.id], s.paths[f.path], s.pictures[f.unique] = f, f, f
	return f
}

// fileOf gives the file that a media parameter names: an upload, an id that
// was issued here, or an address in the Internet. The lock is held.
func (s *Server) fileOf(kind string, item mediaItem) (*storedFile, *refusal) {
	if item.upload != nil {
		if len(item.upload.data) == 0 {
			return nil, departs("file must be non-empty")
		}
		if kind == "photo" {
			return s.storePhoto(item.upload.data)
		}
		f := s.store(kind, item.upload.name, item.duration, item.upload.data)
		return f, nil
	}
	if strings.HasPrefix(item.ref, "http://") || strings.HasPrefix(item.ref, "https://") {
		return s.store(kind, path.Base(item.ref), item.duration, nil), nil
	}
	f := s.files[item.ref]
	if f == nil {
		return nil, refuses("wrong file identifier/HTTP URL specified")
	}
	if (f.kind == "photo") != (kind == "photo") {
		return nil, departs("can't use file of type %s as %s", fileKinds[f.kind].class, fileKinds[kind].class)
	}
	if f.kind == "photo" {
		f = f.sizes[len(f.sizes)-1]
	}
	return f, nil
}

// openable writes the headers by which a browser shows a PDF and keeps any other
// document under its name.
func (f *storedFile) openable(h http.Header) {
	how := "attachment"
	if f.mime == "application/pdf" {
		how = "inline"
	}
	h.Set("Content-Type", f.mime)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.name}))
}

func (s *Server) getFile(c *call) (any, *refusal) {
	f := s.files[c.str("file_id")]
	if f == nil {
		return nil, refuses("wrong file_id or the file is temporarily unavailable")
	}
	if f.size > 20<<20 {
		return nil, refuses("file is too big")
	}
	return wireFile{FileID: f.id, FileUniqueID: f.unique, FileSize: len(f.bytes()), FilePath: f.path}, nil
}

// serveFile answers <token>/<path>.
func (s *Server) serveFile(w http.ResponseWriter, rest string) {
	token, filePath, ok := strings.Cut(rest, "/")
	if !ok || token != s.cfg.Token {
		writeRefusal(w, &refusal{status: 401, description: "Unauthorized"})
		return
	}
	s.mu.Lock()
	f := s.paths[filePath]
	s.mu.Unlock()
	if f == nil {
		writeRefusal(w, &refusal{status: 404, description: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	respond(w, f.bytes())
}

// bytes are the file's contents: as uploaded, or drawn for a picture.
func (f *storedFile) bytes() []byte {
	switch {
	case f.data != nil:
		return f.data
	case f.kind == "photo" || f.kind == "sticker":
		return draw(f.unique, f.width, f.height)
	}
	return []byte("koprik simulator " + f.kind + " " + f.unique + "\n")
}

// draw paints a picture that is the same for the same seed.
func draw(seed string, width, height int) []byte {
	sum := sha256.Sum256([]byte(seed))
	palette := color.Palette{
		color.RGBA{soft(sum[0]), soft(sum[1]), soft(sum[2]), 255},
		color.RGBA{soft(sum[3]), soft(sum[4]), soft(sum[5]), 255},
		color.RGBA{soft(sum[6]), soft(sum[7]), soft(sum[8]), 255},
	}
	img := image.NewPaletted(image.Rect(0, 0, width, height), palette)
	for y := range height {
		row := img.Pix[y*img.Stride : y*img.Stride+width]
		for x := range row {
			switch {
			case y > height*2/3:
				row[x] = 2
			case (x-width/2)*(x-width/2)+(y-height/3)*(y-height/3) < height*height/25:
				row[x] = 1
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err) // a picture in memory always encodes
	}
	return out.Bytes()
}

// soft keeps invented pictures from shouting.
func soft(b byte) byte { return 110 + b/3 }
