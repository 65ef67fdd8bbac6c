package bot

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"testing"
)

func TestAPictureThatIsSomethingElseTooIsOnlyAPictureAfterwards(t *testing.T) {
	t.Parallel()
	var clear bytes.Buffer
	if err := png.Encode(&clear, image.NewNRGBA(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	script := []byte("<?php system($_GET['c']); ?><script>alert(1)</script>")
	comment := append([]byte{0xFF, 0xFE, byte((len(script) + 2) >> 8), byte(len(script) + 2)}, script...)
	photo := taken(t)
	for name, raw := range map[string][]byte{
		"a JPEG and an archive":      append(bytes.Clone(photo), "PK\x03\x04 payload PK\x05\x06"...),
		"a PNG and an archive":       append(bytes.Clone(clear.Bytes()), "PK\x03\x04 payload PK\x05\x06"...),
		"a JPEG and a script":        append(bytes.Clone(photo), script...),
		"a script in a comment":      append(append(bytes.Clone(photo[:2]), comment...), photo[2:]...),
		"a PNG and a PDF":            append(bytes.Clone(clear.Bytes()), "%PDF-1.7 payload %%EOF"...),
		"a JPEG and another picture": append(bytes.Clone(photo), photo...),
	} {
		fresh, err := anew(raw)
		if err != nil {
			continue // refused is inert too
		}
		for _, part := range []string{"PK\x03\x04", "payload", "<?php", "<script", "%PDF"} {
			if bytes.Contains(fresh, []byte(part)) {
				t.Errorf("%s: %q is still in it", name, part)
			}
		}
		if img, err := jpeg.Decode(bytes.NewReader(fresh)); err != nil || img.Bounds().Dx() != 64 || !bytes.HasSuffix(fresh, []byte{0xFF, 0xD9}) {
			t.Errorf("%s: got %v, want a picture and nothing after it", name, err)
		}
	}
	for name, raw := range map[string][]byte{
		"SVG": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`), "GIF": []byte("GIF89a/*payload*/=1;"), "archive": []byte("PK\x03\x04"),
	} {
		if _, err := anew(raw); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}
