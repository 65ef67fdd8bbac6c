package mahalla

// MostInAlbum is how many pictures one album may hold.
const MostInAlbum = 10

// GroupMedia splits attachments into what can be sent as one message each:
// pictures and videos together as albums, everything else alone. An album
// stands where its first picture came.
func GroupMedia(list []Media) [][]Media {
	var groups [][]Media
	album := -1
	for _, m := range list {
		pictorial := m.Kind == Photo || m.Kind == Video
		if pictorial && album >= 0 && len(groups[album]) < MostInAlbum {
			groups[album] = append(groups[album], m)
			continue
		}
		if pictorial {
			album = len(groups)
		}
		groups = append(groups, []Media{m})
	}
	return groups
}
