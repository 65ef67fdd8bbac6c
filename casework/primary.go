package casework

import "koprik/mahalla"

// primary tells whether a button is the one that its screen is about.
func primary(b mahalla.Button) bool { return b.Style == mahalla.Primary || b.Style == mahalla.Success }

// primaryFirst lays buttons out: a primary one that comes first alone in the
// first row, the others two in a row.
func primaryFirst(list []mahalla.Button) [][]mahalla.Button {
	if len(list) > 0 && primary(list[0]) {
		return append([][]mahalla.Button{list[:1:1]}, rows(list[1:])...)
	}
	return rows(list)
}

// plain leaves rows as they are where no button is the one that the screen is
// about.
func plain(grid [][]mahalla.Button) [][]mahalla.Button {
	for _, row := range grid {
		for i := range row {
			if primary(row[i]) {
				row[i].Style = ""
			}
		}
	}
	return grid
}

// secondary are the buttons of some rows where something else is the primary one.
func secondary(grid [][]mahalla.Button) []mahalla.Button {
	var list []mahalla.Button
	for _, row := range plain(grid) {
		list = append(list, row...)
	}
	return list
}
