package bot

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"koprik/bot/simulator"
	"koprik/mahalla"
)

const secret = "kanarGPS41.0225,64.0700"

// taken is a photo whose file says where it was taken.
func taken(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	img.Set(3, 3, color.RGBA{200, 10, 10, 255})
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	more := append([]byte("Exif\x00\x00"), secret...)
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(more)+2))
	raw := out.Bytes()
	return append(append(append(bytes.Clone(raw[:2]), segment...), more...), append(raw[2:], secret...)...)
}

// claiming is a PNG that says that it is that large, and has no pixels.
func claiming(width, height uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), width), height)
	head = append(head, 8, 2, 0, 0, 0)
	raw := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE(head))
}

func TestAPictureThatWasSentAsAFileIsMadeAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var heard mahalla.Media
	w.router.On(KindMessage, func(q *Request) error {
		if q.Event.Media != nil {
			heard = *q.Event.Media
		}
		return nil
	})
	from := w.sim.AddPerson(simulator.Person{Key: "from"})
	from.Start("")
	from.File("pasport_Aziza.jpg", "image/jpeg", "x", taken(t))
	w.must(w.poller.Once(t.Context()))
	_, err := w.worker.Drain(t.Context())
	w.must(err)
	if heard.Kind != mahalla.Image {
		t.Fatalf("heard %+v, want an image", heard)
	}
	to := w.sim.AddPerson(simulator.Person{Key: "to"})
	to.Start("")
	if _, err := w.client.Send(t.Context(), to.ID(), mahalla.Screen{Media: []mahalla.Media{{Kind: mahalla.Image, File: heard.File}}}); err != nil {
		t.Fatal(err)
	}
	last := to.Messages()[len(to.Messages())-1]
	if last.Kind != "photo" {
		t.Errorf("it came as %q, want a photo", last.Kind)
	}
	for _, c := range w.sim.Calls() {
		if said := fmt.Sprint(c.Params); c.ChatID == to.ID() && (strings.Contains(said, "pasport") || strings.Contains(said, heard.File)) {
			t.Errorf("the call names the file: %s", said)
		}
	}
	if left := w.sim.Departures(); len(left) > 0 {
		t.Errorf("departures: %q", left)
	}
}

func TestNothingButThePictureIsLeft(t *testing.T) {
	t.Parallel()
	raw := taken(t)
	fresh, err := anew(raw)
	if err != nil || !bytes.Contains(raw, []byte(secret)) {
		t.Fatal(err)
	}
	if bytes.Contains(fresh, []byte(secret)) || bytes.Contains(fresh, []byte("Exif")) {
		t.Error("the file still says where the picture was taken")
	}
	if img, err := jpeg.Decode(bytes.NewReader(fresh)); err != nil || img.Bounds().Dx() != 64 {
		t.Errorf("the picture is lost: %v", err)
	}
	var clear bytes.Buffer
	if err := png.Encode(&clear, image.NewNRGBA(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	if fresh, err = anew(clear.Bytes()); err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(fresh))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := img.At(4, 4).RGBA(); r < 0xF000 {
		t.Error("what nobody painted is not white")
	}
}

func TestPicturesThatAreMeantToExhaustAreRefused(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"too many pixels": claiming(5000, 4999+1), "far too large": claiming(1<<31-1, 1<<31-1), "a thread": claiming(9000, 1),
		"no pixels at all": claiming(100, 100), "nothing": {}, "words": []byte("salom"), "half a picture": taken(t)[:200],
	} {
		if _, err := anew(raw); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
	long := strings.Repeat("x", mostImageFile+2)
	for path, body := range map[string]string{"../../etc/passwd": "x", "//evil.example/x": "x", "a/../b": "x", "http://evil.example/x": "x", "photos/long.jpg": long} {
		c := against(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/getFile") {
				fmt.Fprintf(w, `{"ok":true,"result":{"file_id":"f","file_unique_id":"u","file_path":%q}}`, path)
				return
			}
			_, _ = w.Write([]byte(body))
		})
		_, err := c.Send(t.Context(), 7, mahalla.Screen{Media: []mahalla.Media{{Kind: mahalla.Image, File: "f"}}})
		var f *Failure
		if !errors.As(err, &f) || f.Kind != Refused || f.Cause != BadMedia {
			t.Errorf("%.30s: got %v, want it refused", path, err)
		}
	}
}
