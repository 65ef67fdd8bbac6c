package mahalla

// mostInAlbum is how many pictures one album holds.
const mostInAlbum = 10

// Albums splits attachments into what is sent in one go each: photos and videos
// in albums of up to ten, then every voice message by itself.
func Albums(list []Media) [][]Media {
	var albums [][]Media
	var voices [][]Media
	var open []Media
	for _, m := range list {
		if m.Kind == Voice {
			voices = append(voices, []Media{m})
			continue
		}
		if open = append(open, m); len(open) == mostInAlbum {
			albums, open = append(albums, open), nil
		}
	}
	if len(open) > 0 {
		albums = append(albums, open)
	}
	return append(albums, voices...)
}
