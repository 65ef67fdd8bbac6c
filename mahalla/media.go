package mahalla

// MostInAlbum is how many pictures one album may hold.
const MostInAlbum = 10

// GroupMedia splits attachments into what can be sent as one message each:
// pictures and videos together as albums, everything else alone.
func GroupMedia(list []Media) [][]Media {
	var groups [][]Media
	var album []Media
	for _, m := range list {
		if m.Kind != Photo && m.Kind != Video {
			groups = append(groups, []Media{m})
			continue
		}
		if album = append(album, m); len(album) == MostInAlbum {
			groups, album = append(groups, album), nil
		}
	}
	if len(album) > 0 {
		groups = append(groups, album)
	}
	return groups
}
