package casework

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"

	"koprik/mahalla"
	"koprik/storage"
)

// BoundaryReport is what an import of boundaries did, or in a dry run would do.
type BoundaryReport struct {
	Districts, Mahallas Tally

	Bad     []FeatureNote // the file's own and those whose place is not to be found
	Remarks []FeatureNote
	Doubled int // features that repeat an earlier one
}

// Writes tells whether there is anything to write.
func (r *BoundaryReport) Writes() bool {
	return r.Districts.Added+r.Districts.Changed+r.Mahallas.Added+r.Mahallas.Changed > 0
}

// ImportBoundaries gives the districts and mahallas of a file their boundaries;
// those of others stay, and no territory is ever made. The same file again
// writes nothing, and so does a dry run, which may be given a transaction that
// only reads. Desk knows of all this after the next Refresh.
func (d *Desk) ImportBoundaries(tx *storage.Tx, f BoundaryFile, dry bool, now time.Time) (BoundaryReport, error) {
	if !dry {
		tx.LockReference()
	}
	have, err := tx.Reference(now)
	if err != nil {
		return BoundaryReport{}, err
	}
	sums, err := tx.BoundarySums()
	if err != nil {
		return BoundaryReport{}, err
	}
	s := &fitting{
		reference: have, gazetteer: newGazetteer(have), sums: sums,
		seen:   map[mahalla.TerritoryID]FileShape{},
		report: BoundaryReport{Bad: slices.Clone(f.Bad)},
	}
	for _, shape := range f.Shapes {
		if err := s.fit(shape); err != nil {
			return BoundaryReport{}, fmt.Errorf("casework: %w", err)
		}
	}
	s.outside()
	slices.SortStableFunc(s.report.Bad, byFeature)
	slices.SortStableFunc(s.report.Remarks, byFeature)
	if !dry && s.report.Writes() {
		tx.PutBoundaries(s.written)
		tx.BumpBoundaries()
	}
	return s.report, nil
}

func byFeature(a, b FeatureNote) int { return cmp.Compare(a.Feature, b.Feature) }

// fitting works out whose boundaries a file has.
type fitting struct {
	reference *storage.Reference
	gazetteer *gazetteer
	sums      map[mahalla.TerritoryID][32]byte // of the geometries that are known

	seen    map[mahalla.TerritoryID]FileShape
	order   []mahalla.TerritoryID
	written []storage.Boundary
	report  BoundaryReport
}

// fit finds the place of one shape, and counts it.
func (s *fitting) fit(shape FileShape) error {
	t, f := s.gazetteer.find(shape.said)
	if f.reason != "" {
		s.report.Bad = append(s.report.Bad, FeatureNote{shape.Feature, f.reason, f.where})
		return nil
	}
	if earlier, twice := s.seen[t.ID]; twice {
		if orb.Equal(earlier.Geometry, shape.Geometry) {
			s.report.Doubled++
			return nil
		}
		detail := fmt.Sprintf("%s, feature %d", t.Code, earlier.Feature)
		s.report.Bad = append(s.report.Bad, FeatureNote{shape.Feature, FeatureDoubled, detail})
		return nil
	}
	s.seen[t.ID] = shape
	s.order = append(s.order, t.ID)
	return s.put(t, shape.Geometry)
}

// put writes a boundary if it is not the one that is known.
func (s *fitting) put(t *mahalla.Territory, shape orb.MultiPolygon) error {
	raw, err := wkb.Marshal(shape)
	if err != nil {
		return err
	}
	tally := &s.report.Mahallas
	if t.Kind == mahalla.District {
		tally = &s.report.Districts
	}
	known, has := s.sums[t.ID]
	switch {
	case has && known == sha256.Sum256(raw):
		tally.Unchanged++
		return nil
	case has:
		tally.Changed++
	default:
		tally.Added++
	}
	box := shape.Bound()
	s.written = append(s.written, storage.Boundary{
		Territory: t.ID, Geometry: raw, Area: geo.Area(shape),
		West: box.Left(), South: box.Bottom(), East: box.Right(), North: box.Top(),
	})
	return nil
}

// outside remarks upon mahallas of the file that do not lie in their district,
// where the file has that too: most likely they were taken for others of the
// same name.
func (s *fitting) outside() {
	for _, id := range s.order {
		district := s.reference.Above(id, mahalla.District)
		if district == nil || district.ID == id {
			continue
		}
		around, known := s.seen[district.ID]
		if !known {
			continue
		}
		ring := s.seen[id].Geometry[0][0]
		inside := slices.ContainsFunc([]int{0, len(ring) / 4, len(ring) / 2, len(ring) * 3 / 4}, func(i int) bool {
			return planar.MultiPolygonContains(around.Geometry, ring[i])
		})
		if !inside {
			t := s.reference.Territories[id]
			s.report.Remarks = append(s.report.Remarks, FeatureNote{s.seen[id].Feature, RemarkOutside,
				fmt.Sprintf("%s, %s, %s", t.Code, t.Names.UzLatn, district.Names.UzLatn)})
		}
	}
}
