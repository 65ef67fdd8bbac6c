package casework

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TerritoryReport is what an import did, or in a dry run would do.
type TerritoryReport struct {
	Districts, Sectors, Mahallas Tally

	Changes []TerritoryChange // the changed ones in the order of the file
	Bad     []LineNote        // the file's own and those that the territories known so far refuse
	Remarks []LineNote
}

// Tally counts the territories of one kind that a file names. Those of
// districts that nobody knows are not among them.
type Tally struct{ Added, Changed, Unchanged int }

// All counts them together.
func (t Tally) All() int { return t.Added + t.Changed + t.Unchanged }

// Writes tells whether there is anything to write.
func (r *TerritoryReport) Writes() bool {
	for _, t := range []Tally{r.Districts, r.Sectors, r.Mahallas} {
		if t.Added+t.Changed > 0 {
			return true
		}
	}
	return false
}

// ImportTerritory adds the districts, sectors and mahallas of a file to those
// that are known and changes those whose code is known; nothing is ever
// removed, and an id stays with its code. The same file again writes nothing,
// and so does a dry run, which may be given a transaction that only reads.
//
// A district with a SOATO code keeps its official names and region. Another one
// stands below the region that the file names, or else stays where it is; one
// that was not known before stands below the republic. Desk knows of all this
// after the next Refresh.
func (d *Desk) ImportTerritory(tx *storage.Tx, f TerritoryFile, dry bool, now time.Time) (TerritoryReport, error) {
	if !dry {
		tx.LockReference()
	}
	have, err := tx.Reference(now)
	if err != nil {
		return TerritoryReport{}, err
	}
	official, err := storage.OfficialCodes()
	if err != nil {
		return TerritoryReport{}, err
	}
	s := &survey{
		desk: d, have: have, official: official, newID: tx.NewID,
		known:     maps.Clone(have.ByCode),
		nodes:     maps.Clone(have.Territories),
		districts: map[string]mahalla.TerritoryID{},
		unknown:   map[string]LineNote{},
		report:    TerritoryReport{Bad: slices.Clone(f.Bad), Remarks: slices.Clone(f.Remarks)},
	}
	if dry { // ids come from the database too
		s.newID = s.placeholder
	}
	if err := s.file(f); err != nil {
		return TerritoryReport{}, fmt.Errorf("casework: %w", err)
	}
	if moved := s.paths(); !dry && s.report.Writes() {
		tx.PutTerritories(s.written)
		tx.SetPaths(moved)
		tx.BumpReference()
	}
	return s.report, nil
}

// survey works out what a file makes of the territories that are known.
type survey struct {
	desk     *Desk
	have     *storage.Reference
	official map[string]bool
	newID    func() (int64, error)
	drawn    int64 // placeholders of ids in a dry run

	known     map[string]mahalla.TerritoryID // by code, with the added ones
	nodes     map[mahalla.TerritoryID]*mahalla.Territory
	districts map[string]mahalla.TerritoryID // of the file
	unknown   map[string]LineNote            // why the mahallas of a district are refused
	written   []*mahalla.Territory           // added and changed
	report    TerritoryReport
}

// placeholder is an id that no row has.
func (s *survey) placeholder() (int64, error) {
	s.drawn--
	return s.drawn, nil
}

// file goes through a file from above: districts, sectors, mahallas.
func (s *survey) file(f TerritoryFile) error {
	for _, d := range f.Districts {
		if err := s.district(d); err != nil {
			return err
		}
	}
	sectors := map[string]mahalla.TerritoryID{}
	for _, m := range f.Mahallas {
		parent, ok := s.districts[m.District]
		if !ok {
			note := s.unknown[m.District]
			note.Line = m.Line
			s.refuse(note)
			continue
		}
		if !s.free(m.Line, m.Code, mahalla.Mahalla) {
			continue
		}
		if code := sectorCode(m.District, m.Sector); m.Sector > 0 {
			id, seen := sectors[code]
			if !seen {
				if !s.free(m.Line, code, mahalla.Sector) {
					continue
				}
				var err error
				if id, err = s.sector(code, parent, m.Sector); err != nil {
					return err
				}
				sectors[code] = id
			}
			parent = id
		}
		if err := s.mahalla(m, parent, f); err != nil {
			return err
		}
	}
	slices.SortStableFunc(s.report.Bad, byLine)
	slices.SortStableFunc(s.report.Remarks, byLine)
	return nil
}

func (s *survey) refuse(note LineNote) { s.report.Bad = append(s.report.Bad, note) }

// free tells whether a code is nobody's or that of a territory of the kind, and
// refuses the line if not.
func (s *survey) free(line int, code string, kind mahalla.TerritoryKind) bool {
	id, known := s.known[code]
	if !known || s.nodes[id].Kind == kind {
		return true
	}
	s.refuse(LineNote{line, LineTaken, fmt.Sprintf("%s is a %s", code, s.nodes[id].Kind)})
	return false
}

// district places a district, unless its mahallas have to be refused.
func (s *survey) district(d FileDistrict) error {
	id, known := s.known[d.Code]
	switch {
	case known && s.nodes[id].Kind != mahalla.District:
		s.unknown[d.Code] = LineNote{Reason: LineTaken, Detail: fmt.Sprintf("%s is a %s", d.Code, s.nodes[id].Kind)}
		return nil
	case !known && d.Name.Names == (mahalla.Names{}):
		s.unknown[d.Code] = LineNote{Reason: LineDistrict, Detail: d.Code}
		return nil
	}
	want := mahalla.Territory{Kind: mahalla.District, Code: d.Code, Parent: mahalla.RootTerritory}
	if known {
		want.Parent = s.nodes[id].Parent
	}
	region, found := s.known[d.Region]
	found = found && s.nodes[region].Kind == mahalla.Region
	switch {
	case d.Region == "":
	case !found:
		s.remark(d, RemarkNoRegion, d.Region)
	case known && s.official[d.Code] && region != want.Parent:
		s.remark(d, RemarkRegion, s.nodes[want.Parent].Code+", not "+d.Region)
	default:
		want.Parent = region
	}
	name := d.Name
	if known && s.official[d.Code] && !name.agrees(s.nodes[id].Names) {
		s.remark(d, RemarkOfficial, s.nodes[id].Names.UzLatn+", not "+name.Names.UzLatn)
		name = PlaceName{}
	}
	var err error
	s.districts[d.Code], err = s.put(want, name, &s.report.Districts)
	return err
}

func (s *survey) remark(d FileDistrict, reason LineReason, detail string) {
	s.report.Remarks = append(s.report.Remarks, LineNote{d.Line, reason, d.Code + ": " + detail})
}

// sector places a sector. Lists do not name sectors; a name that somebody gave
// to one stays.
func (s *survey) sector(code string, parent mahalla.TerritoryID, number int) (mahalla.TerritoryID, error) {
	in := func(lang mahalla.Language) (string, error) {
		return s.desk.catalogue.Text(lang, "place.sector", map[string]any{"n": number})
	}
	var name PlaceName
	var err error
	for lang, to := range map[mahalla.Language]*string{
		mahalla.UzLatn: &name.Names.UzLatn, mahalla.UzCyrl: &name.Names.UzCyrl, mahalla.Ru: &name.Names.Ru,
	} {
		if *to, err = in(lang); err != nil {
			return 0, err
		}
	}
	return s.put(mahalla.Territory{Kind: mahalla.Sector, Code: code, Parent: parent, Number: number}, name, &s.report.Sectors)
}

// mahalla places a mahalla below its sector or district. What the file has no
// column for stays as it is.
func (s *survey) mahalla(m FileMahalla, parent mahalla.TerritoryID, f TerritoryFile) error {
	want := mahalla.Territory{Kind: mahalla.Mahalla, Code: m.Code, Parent: parent, Point: m.Point}
	if id, known := s.known[m.Code]; known {
		old := s.nodes[id]
		if !f.HasPoints {
			want.Point = old.Point
		}
		if above := s.nodes[old.Parent]; !f.HasSectors && above.Kind == mahalla.Sector && above.Parent == parent {
			want.Parent = old.Parent
		}
	}
	_, err := s.put(want, m.Name, &s.report.Mahallas)
	return err
}

// put adds a territory, or changes the one that has its code, and counts it.
func (s *survey) put(want mahalla.Territory, name PlaceName, tally *Tally) (mahalla.TerritoryID, error) {
	id, known := s.known[want.Code]
	if !known {
		fresh, err := s.newID()
		if err != nil {
			return 0, err
		}
		want.ID, want.Names = mahalla.TerritoryID(fresh), name.Names
		tally.Added++
		s.write(want)
		return want.ID, nil
	}
	old := s.nodes[id]
	want.ID, want.Names, want.Path = id, name.over(old.Names), old.Path
	if want.Parent == old.Parent && want.Number == old.Number && want.Point == old.Point && want.Names == old.Names && !old.Retired {
		tally.Unchanged++
		return id, nil
	}
	tally.Changed++
	s.report.Changes = append(s.report.Changes, TerritoryChange{
		Kind: want.Kind, Code: want.Code, Was: old.Names, Is: want.Names,
		From: s.nodes[old.Parent].Code, To: s.nodes[want.Parent].Code, Returned: old.Retired,
	})
	s.write(want)
	return id, nil
}

func (s *survey) write(t mahalla.Territory) {
	s.known[t.Code], s.nodes[t.ID] = t.ID, &t
	s.written = append(s.written, &t)
}

// paths works out every path anew, and lists the territories that only moved
// with what is above them.
func (s *survey) paths() []*mahalla.Territory {
	for _, t := range s.written {
		t.Path = s.path(t)
	}
	var moved []*mahalla.Territory
	for id, t := range s.have.Territories {
		if s.nodes[id] != t {
			continue
		}
		if path := s.path(t); !slices.Equal(path, t.Path) {
			moved = append(moved, &mahalla.Territory{ID: id, Path: path})
		}
	}
	return moved
}

// path leads from a territory to the root by way of the parents.
func (s *survey) path(t *mahalla.Territory) []mahalla.TerritoryID {
	path := []mahalla.TerritoryID{t.ID}
	for t.Parent != 0 {
		t = s.nodes[t.Parent]
		path = append(path, t.ID)
	}
	return path
}
