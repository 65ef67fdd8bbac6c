package storage

import (
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"koprik/mahalla"
)

// Boundary is where a territory lies on the map. What is inside the geometry is
// not looked at here.
type Boundary struct {
	Territory                mahalla.TerritoryID
	Geometry                 []byte  // a multipolygon in WGS 84 as WKB, longitude first
	West, South, East, North float64 // the box around it, in degrees
	Area                     float64 // in square metres
}

// PutBoundaries writes boundaries over those that their territories had.
func (tx *Tx) PutBoundaries(list []Boundary) {
	const portion = 1000 // so that no statement is much larger than the file was
	for len(list) > 0 {
		n := min(portion, len(list))
		tx.putBoundaries(list[:n])
		list = list[n:]
	}
}

func (tx *Tx) putBoundaries(list []Boundary) {
	var (
		ids                      = make([]int64, len(list))
		geometries               = make([][]byte, len(list))
		west, south, east, north = make([]float64, len(list)), make([]float64, len(list)), make([]float64, len(list)), make([]float64, len(list))
		areas                    = make([]float64, len(list))
	)
	for i, b := range list {
		ids[i], geometries[i], areas[i] = int64(b.Territory), b.Geometry, b.Area
		west[i], south[i], east[i], north[i] = b.West, b.South, b.East, b.North
	}
	tx.write(`
		INSERT INTO boundaries (territory_id, geometry, west, south, east, north, area)
		SELECT territory_id, geometry, west, south, east, north, area
		FROM unnest($1::bigint[], $2::bytea[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[])
			AS given (territory_id, geometry, west, south, east, north, area)
		ON CONFLICT (territory_id) DO UPDATE SET
			geometry = excluded.geometry, west = excluded.west, south = excluded.south, east = excluded.east,
			north = excluded.north, area = excluded.area`,
		ids, geometries, west, south, east, north, areas)
}

// BumpBoundaries makes every replica read the reference data anew, and the
// boundaries with it.
func (tx *Tx) BumpBoundaries() {
	tx.write("UPDATE reference SET version = version + 1, boundaries = version + 1")
}

// Boundaries gives every boundary to each, one after the other. Nothing of it
// may be kept after each has returned but what was copied.
func (tx *Tx) Boundaries(each func(Boundary) error) error {
	return tx.read("SELECT territory_id, geometry, west, south, east, north, area FROM boundaries ORDER BY territory_id",
		func(rows pgx.Rows) error {
			var b Boundary
			var geometry pgtype.DriverBytes
			if err := rows.Scan(&b.Territory, &geometry, &b.West, &b.South, &b.East, &b.North, &b.Area); err != nil {
				return err
			}
			b.Geometry = geometry
			return each(b)
		})
}

// BoundarySums tells of every boundary the SHA-256 of its geometry.
func (tx *Tx) BoundarySums() (map[mahalla.TerritoryID][32]byte, error) {
	sums := map[mahalla.TerritoryID][32]byte{}
	err := tx.read("SELECT territory_id, sha256(geometry) FROM boundaries", func(rows pgx.Rows) error {
		var id mahalla.TerritoryID
		var sum []byte
		if err := rows.Scan(&id, &sum); err != nil {
			return err
		}
		sums[id] = [32]byte(sum)
		return nil
	})
	return sums, err
}

// DemoBoundaries is the file of where the invented territory lies: in the empty
// desert. One of its mahallas has no boundary.
func DemoBoundaries() ([]byte, error) {
	raw, err := seeds.ReadFile("seed/demo_boundaries.geojson")
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	return raw, nil
}
