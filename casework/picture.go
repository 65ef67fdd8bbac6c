package casework

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// The picture's size in pixels. Telegram shows a photo of up to 1280 on either
// side as it is, and a larger one scaled down.
const (
	pictureWidth  = 1080
	pictureHeight = 1280
	pictureMargin = 56
)

// Colours that people tell apart whatever they see of colours, and by their
// lightness alone: Okabe and Ito's blue and orange. Filed always stands left.
var (
	inkColour    = color.RGBA{0x1b, 0x1f, 0x24, 0xff}
	paleColour   = color.RGBA{0x59, 0x63, 0x6e, 0xff}
	lineColour   = color.RGBA{0xc9, 0xcf, 0xd6, 0xff}
	filedColour  = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	closedColour = color.RGBA{0xe6, 0x9f, 0x00, 0xff}
	medianColour = color.RGBA{0x00, 0x6b, 0x52, 0xff}
)

// studio draws pictures, one at a time however many senders ask: a picture
// takes some megabytes while it is drawn.
type studio struct {
	mu            sync.Mutex
	regular, bold *opentype.Font // read for the first picture
}

// open reads the letters.
func (s *studio) open() (err error) {
	if s.bold != nil {
		return nil
	}
	if s.regular, err = opentype.Parse(liberationsansregular.TTF); err == nil {
		s.bold, err = opentype.Parse(liberationsansbold.TTF)
	}
	if err != nil {
		return fmt.Errorf("casework: letters: %w", err)
	}
	return nil
}

// easel is a picture that is being drawn. Its coordinates are pixels from the
// upper left corner.
type easel struct {
	*studio
	canvas *vgimg.Canvas
}

// letters is how a text is written.
type letters struct {
	size   float64
	bold   bool
	colour color.Color
	align  float64 // where x lies in the text: 0 its beginning, 0.5 its middle, 1 its end
}

func (s *easel) face(l letters) font.Face {
	f := font.Face{Font: font.Font{Size: font.Length(l.size)}, Face: s.regular}
	if l.bold {
		f.Face = s.bold
	}
	return f
}

// write writes a text on a line, at most so wide, and tells how wide it is.
func (s *easel) write(x, y, most float64, l letters, text string) float64 {
	face := s.face(l)
	text = fitted(&face, s.readable(text), most)
	width := float64(face.Width(text))
	s.canvas.SetColor(l.colour)
	s.canvas.FillString(face, s.at(x-l.align*width, y), text)
	return width
}

// readable leaves out what the letters have no shape for, and marks without
// one: names of places come from lists of others.
func (s *studio) readable(text string) string {
	var buffer sfnt.Buffer
	text = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		for _, f := range []*opentype.Font{s.regular, s.bold} {
			if i, err := f.GlyphIndex(&buffer, r); err != nil || i == 0 {
				return -1
			}
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// fitted cuts a text to a width.
func fitted(face *font.Face, text string, most float64) string {
	if float64(face.Width(text)) <= most {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 {
		runes = runes[:len(runes)-1]
		if short := strings.TrimRight(string(runes), " ,") + "…"; float64(face.Width(short)) <= most {
			return short
		}
	}
	return ""
}

// at turns a point around: the canvas counts from below.
func (s *easel) at(x, y float64) vg.Point {
	return vg.Point{X: vg.Length(x), Y: vg.Length(pictureHeight - y)}
}

// box fills a rectangle whose upper corners are round.
func (s *easel) box(x, y, width, height, radius float64, c color.Color) {
	if height <= 0 {
		return
	}
	radius = min(radius, height, width/2)
	var p vg.Path
	p.Move(s.at(x, y+height))
	p.Line(s.at(x, y+radius))
	p.Arc(s.at(x+radius, y+radius), vg.Length(radius), math.Pi, -math.Pi/2)
	p.Line(s.at(x+width-radius, y))
	p.Arc(s.at(x+width-radius, y+radius), vg.Length(radius), math.Pi/2, -math.Pi/2)
	p.Line(s.at(x+width, y+height))
	p.Close()
	s.canvas.SetColor(c)
	s.canvas.Fill(p)
}

// dot fills a circle.
func (s *easel) dot(x, y, radius float64, c color.Color) {
	var p vg.Path
	p.Move(s.at(x+radius, y))
	p.Arc(s.at(x, y), vg.Length(radius), 0, 2*math.Pi)
	p.Close()
	s.canvas.SetColor(c)
	s.canvas.Fill(p)
}

// stroke draws a line through points.
func (s *easel) stroke(width float64, c color.Color, points ...vg.Point) {
	var p vg.Path
	for i, at := range points {
		if i == 0 {
			p.Move(at)
		} else {
			p.Line(at)
		}
	}
	s.canvas.SetColor(c)
	s.canvas.SetLineWidth(vg.Length(width))
	s.canvas.Stroke(p)
}

// encode makes a PNG of a picture with few colours.
func encode(from image.Image) ([]byte, error) {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := encoder.Encode(&out, paletted(from)); err != nil {
		return nil, fmt.Errorf("casework: picture: %w", err)
	}
	return out.Bytes(), nil
}

// paletted gives a picture the palette of its colours, each in steps towards
// white for the edges of letters and bars. A quarter of the size is left, and of
// the work.
func paletted(from image.Image) image.Image {
	full, ok := from.(*image.RGBA)
	if !ok {
		return from
	}
	small := image.NewPaletted(full.Rect, palette())
	known := map[[3]uint8]uint8{}
	var last [3]uint8
	var index uint8
	for i := range small.Pix {
		c := [3]uint8(full.Pix[4*i : 4*i+3])
		if i == 0 || c != last {
			last = c
			if index, ok = known[c]; !ok {
				index = uint8(small.Palette.Index(color.RGBA{c[0], c[1], c[2], 0xff}))
				known[c] = index
			}
		}
		small.Pix[i] = index
	}
	return small
}

// palette has the colours of the picture in steps towards white.
func palette() color.Palette {
	const steps = 40
	list := color.Palette{color.RGBA{0xff, 0xff, 0xff, 0xff}}
	for _, c := range []color.RGBA{inkColour, paleColour, lineColour, filedColour, closedColour, medianColour} {
		for n := range steps {
			towards := func(v uint8) uint8 { return uint8(int(v) + (0xff-int(v))*n/steps) }
			list = append(list, color.RGBA{towards(c.R), towards(c.G), towards(c.B), 0xff})
		}
	}
	return list
}
