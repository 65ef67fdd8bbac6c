package casework

import (
	"bytes"
	"fmt"
	"strings"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
)

// Measures of the document, in millimetres and points of letters.
const (
	paperMargin = 20.0
	paperInner  = 6.0
	paperLine   = 5.5
	paperSmall  = 9.0
	paperSize   = 11.0
	paperTitle  = 16.0
	paperFont   = "Liberation"
)

// paper is a document that is being written.
type paper struct {
	*fpdf.Fpdf
	*studio
}

// minutes writes the document of minutes as a PDF, one at a time.
func (s *studio) minutes(p minutesPage) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.open(); err != nil {
		return nil, err
	}
	sh := &paper{Fpdf: fpdf.New("P", "mm", "A4", ""), studio: s}
	sh.prepare(p)
	sh.write(p)
	var out bytes.Buffer
	if err := sh.Output(&out); err != nil {
		return nil, fmt.Errorf("casework: minutes: %w", err)
	}
	return out.Bytes(), nil
}

// prepare sets up the paper, its letters and its foot.
func (sh *paper) prepare(p minutesPage) {
	sh.SetCreationDate(p.at.UTC())
	sh.SetModificationDate(p.at.UTC())
	sh.SetCatalogSort(true)
	sh.AddUTF8FontFromBytes(paperFont, "", liberationsansregular.TTF)
	sh.AddUTF8FontFromBytes(paperFont, "B", liberationsansbold.TTF)
	sh.SetTitle(sh.legible(p.title), true)
	sh.SetMargins(paperMargin, paperMargin, paperMargin)
	sh.SetAutoPageBreak(true, paperMargin)
	sh.AliasNbPages("")
	sh.SetFooterFunc(func() {
		sh.SetY(-paperMargin + 6)
		sh.SetFont(paperFont, "", paperSmall)
		sh.CellFormat(0, paperLine, sh.legible(p.footer)+"   ·   "+fmt.Sprint(sh.PageNo())+" / {nb}", "", 0, "C", false, 0, "")
	})
	sh.AddPage()
}

// write writes everything.
func (sh *paper) write(p minutesPage) {
	sh.SetFont(paperFont, "B", paperTitle)
	sh.MultiCell(0, 8, sh.legible(p.title), "", "C", false)
	sh.SetFont(paperFont, "", paperSize)
	for _, line := range p.head {
		sh.MultiCell(0, paperLine, sh.legible(line), "", "C", false)
	}
	signed := false
	for _, part := range p.parts {
		if part.later && !signed {
			sh.sign(p.signatures)
			signed = true
		}
		sh.part(part)
	}
	if !signed {
		sh.sign(p.signatures)
	}
}

// part writes a heading and what stands below it. A heading never stands alone at
// the end of a page.
func (sh *paper) part(part minutesPart) {
	sh.Ln(paperLine / 2)
	sh.room(3 * paperLine)
	if part.heading != "" {
		sh.SetFont(paperFont, "B", paperSize)
		sh.MultiCell(0, paperLine, sh.legible(part.heading), "", "L", false)
	}
	for _, line := range part.lines {
		style, left := "", paperMargin
		if line.strong {
			style = "B"
		}
		if line.inner {
			left += paperInner
		}
		sh.SetFont(paperFont, style, paperSize)
		sh.SetX(left)
		sh.SetLeftMargin(left)
		sh.MultiCell(0, paperLine, sh.legible(line.text), "", "L", false)
		sh.SetLeftMargin(paperMargin)
		sh.SetX(paperMargin)
	}
}

// sign leaves room for the signatures, all of them on one page.
func (sh *paper) sign(list [][2]string) {
	const each = 12.0
	sh.room(each * float64(len(list)+1))
	sh.Ln(each / 2)
	sh.SetFont(paperFont, "", paperSize)
	for _, line := range list {
		sh.CellFormat(32, each, sh.legible(line[0]), "", 0, "L", false, 0, "")
		x, y := sh.GetX(), sh.GetY()+each*0.7
		sh.Line(x, y, x+45, y)
		sh.SetX(x + 48)
		sh.CellFormat(0, each, sh.legible(line[1]), "", 1, "L", false, 0, "")
	}
}

// room begins a new page where less than so much is left of this one.
func (sh *paper) room(height float64) {
	_, page := sh.GetPageSize()
	if sh.GetY()+height > page-paperMargin {
		sh.AddPage()
	}
}

// legible leaves out what the letters have no shape for; line ends stay.
func (sh *paper) legible(text string) string {
	list := strings.Split(text, "\n")
	for i, line := range list {
		list[i] = sh.readable(line)
	}
	return strings.TrimSpace(strings.Join(list, "\n"))
}
