package casework

import (
	"image/color"
	"strconv"
	"time"

	"gonum.org/v1/plot/vg/vgimg"
)

// weeksPicture is what the weekly picture shows, in words of one language.
type weeksPicture struct {
	title, span   string
	filed, closed string // names of the bars
	median        string // name of the line
	none          string // in place of a median of nothing
	weeks         []weekBars
}

// weekBars is one week of the picture.
type weekBars struct {
	label         string // of the first day
	filed, closed int
	wait          time.Duration
	waitLabel     string // empty where nothing was accepted
}

// weeks draws the weekly picture as a PNG.
func (s *studio) weeks(p weeksPicture) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.open(); err != nil {
		return nil, err
	}
	sh := &easel{studio: s, canvas: vgimg.NewWith(vgimg.UseWH(pictureWidth, pictureHeight), vgimg.UseDPI(72))}
	sh.heading(p)
	sh.bars(p, 350, 680)
	sh.days(p, 730)
	sh.waits(p, 940, 1150)
	sh.days(p, 1200)
	return encode(sh.canvas.Image())
}

// heading is the name of the place, the time, and what the bars mean.
func (s *easel) heading(p weeksPicture) {
	const inner = pictureWidth - 2*pictureMargin
	title := letters{size: 58, bold: true, colour: inkColour}
	for face := s.face(title); title.size > 42 && float64(face.Width(p.title)) > inner; face = s.face(title) {
		title.size -= 4
	}
	s.write(pictureMargin, 110, inner, title, p.title)
	s.write(pictureMargin, 168, inner, letters{size: 34, colour: paleColour}, p.span)
	filed, closed := 0, 0
	for _, w := range p.weeks {
		filed, closed = filed+w.filed, closed+w.closed
	}
	s.legend(pictureMargin, p.filed, filed, filedColour)
	s.legend(pictureMargin+inner/2, p.closed, closed, closedColour)
}

// legend names a colour, with the sum of what it stands for.
func (s *easel) legend(x float64, name string, sum int, c color.Color) {
	s.box(x, 234, 40, 40, 0, c)
	width := s.write(x+58, 268, 300, letters{size: 38, colour: inkColour}, name)
	s.write(x+58+width+16, 268, 200, letters{size: 38, bold: true, colour: inkColour}, strconv.Itoa(sum))
}

// middle is where a week stands.
func (p weeksPicture) middle(i int) float64 {
	step := float64(pictureWidth-2*pictureMargin) / float64(max(1, len(p.weeks)))
	return pictureMargin + step*(float64(i)+0.5)
}

// bars draws what was filed and closed, between two heights.
func (s *easel) bars(p weeksPicture, top, bottom float64) {
	const width, gap = 48.0, 4.0
	most := 1
	for _, w := range p.weeks {
		most = max(most, w.filed, w.closed)
	}
	size := min(34, 1.75*(width+gap)/float64(len(strconv.Itoa(most)))) // a number is never cut
	for i, w := range p.weeks {
		x := p.middle(i)
		for _, bar := range []struct {
			x      float64
			value  int
			colour color.Color
		}{{x - gap/2 - width, w.filed, filedColour}, {x + gap/2, w.closed, closedColour}} {
			height := (bottom - top) * share(float64(bar.value), float64(most))
			s.box(bar.x, bottom-height, width, height, 6, bar.colour)
			l := letters{size: size, bold: true, colour: inkColour, align: 0.5}
			if bar.value == 0 {
				l.bold, l.colour = false, paleColour
			}
			s.write(bar.x+width/2, bottom-height-12, width+gap+12, l, strconv.Itoa(bar.value))
		}
	}
	s.stroke(3, lineColour, s.at(pictureMargin, bottom+1.5), s.at(pictureWidth-pictureMargin, bottom+1.5))
}

// waits draws how long cases waited for an acceptance, between two heights.
func (s *easel) waits(p weeksPicture, top, bottom float64) {
	s.dot(pictureMargin+20, top-114, 16, medianColour)
	s.write(pictureMargin+58, top-100, pictureWidth-2*pictureMargin-58, letters{size: 38, colour: inkColour}, p.median)
	s.stroke(3, lineColour, s.at(pictureMargin, bottom+1.5), s.at(pictureWidth-pictureMargin, bottom+1.5))
	points := p.line(top, bottom)
	for i := range max(0, len(points)-1) {
		if a, b := points[i], points[i+1]; a.there && b.there {
			s.stroke(6, medianColour, s.at(a.x, a.y), s.at(b.x, b.y))
		}
	}
	for i, at := range points {
		if !at.there {
			s.write(at.x, bottom-16, 110, letters{size: 30, colour: paleColour, align: 0.5}, p.none)
			continue
		}
		s.dot(at.x, at.y, 14, medianColour)
		s.dot(at.x, at.y, 6, color.White)
		s.note(at.x, at.y+noteAt(points, i, bottom), p.weeks[i].waitLabel)
	}
}

// point is a place of the line; it is not there where nothing was accepted.
type point struct {
	x, y  float64
	there bool
}

// line are the places of the medians between two heights.
func (p weeksPicture) line(top, bottom float64) []point {
	longest := time.Minute
	for _, w := range p.weeks {
		longest = max(longest, w.wait)
	}
	list := make([]point, len(p.weeks))
	for i, w := range p.weeks {
		list[i] = point{p.middle(i), bottom - (bottom-top)*share(float64(w.wait), float64(longest)), w.waitLabel != ""}
	}
	return list
}

// share is which part of the whole something is, and never less than nothing or
// more than all: what draws shapes does not come back from far outside the paper.
func share(part, whole float64) float64 {
	if !(part > 0 && whole > 0) {
		return 0
	}
	return min(1, part/whole)
}

// noteAt says how far from its point a label stands: below it where the line
// comes from above and there is room, else above it.
func noteAt(points []point, i int, bottom float64) float64 {
	const above, below = -28, 48
	lean, here := 0.0, points[i]
	for _, j := range []int{i - 1, i + 1} {
		if j >= 0 && j < len(points) && points[j].there {
			lean += here.y - points[j].y
		}
	}
	if lean > 0 && here.y+below+16 < bottom {
		return below
	}
	return above
}

// note writes a label of a point, on a ground that keeps the line off it.
func (s *easel) note(x, y float64, text string) {
	l := letters{size: 30, bold: true, colour: inkColour, align: 0.5}
	face := s.face(l)
	wide := min(130, float64(face.Width(text)))
	s.box(x-wide/2-4, y-24, wide+8, 28, 0, color.White)
	s.write(x, y, 130, l, text)
}

// days names the weeks by their first days, the last one most clearly.
func (s *easel) days(p weeksPicture, y float64) {
	for i, w := range p.weeks {
		l := letters{size: 32, colour: paleColour, align: 0.5}
		if i == len(p.weeks)-1 {
			l.bold, l.colour = true, inkColour
		}
		s.write(p.middle(i), y, 120, l, w.label)
	}
}
