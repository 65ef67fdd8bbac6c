package casework

import (
	"strconv"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// group is what one message can hold of a report: an album, a single picture,
// voice or video, or a piece of words too long for the card.
type group struct {
	media []mahalla.Media
	words string
}

// mostPiece bounds a piece of words, in UTF-16 units, with room for escaping.
const mostPiece = 3500

// groupsOf splits what was said into messages: media always, words only when
// the card would have to cut them.
func groupsOf(words string, media []mahalla.Media, onCard int) []group {
	var list []group
	for _, m := range mahalla.GroupMedia(media) {
		list = append(list, group{media: m})
	}
	if locales.UTF16Len(words) <= onCard {
		return list
	}
	for words != "" {
		end := pieceEnd(words)
		list = append(list, group{words: words[:end]})
		words = words[end:]
	}
	return list
}

// pieceEnd is how many bytes of the words one message holds: whole characters
// as people see them, unless a single one, of many emoji, is longer than that.
func pieceEnd(words string) int {
	piece := locales.Cut(words, mostPiece)
	if piece == words {
		return len(words)
	}
	if end := len(piece) - len("…"); end > 0 {
		return end
	}
	units := 0
	for i, r := range words {
		if units += locales.UTF16Len(string(r)); units > mostPiece {
			return i
		}
	}
	return len(words)
}

// allGroups are the groups of everything that the reporter has said.
func allGroups(reports []storage.Report) []group {
	var list []group
	for _, r := range reports {
		if r.Kind != storage.KindResult {
			list = append(list, groupsOf(r.Words, r.Media, onCard(r))...)
		}
	}
	return list
}

// onCard is how much of a report's words its card is sure to show.
func onCard(r storage.Report) int {
	if r.Kind == storage.KindReport {
		return mostQuoted
	}
	return glance
}

func attachedGroups(reports []storage.Report) int { return len(allGroups(reports)) }

// withMedia turns each notice of media into one for each group, and drops it
// where there is nothing to show.
func withMedia(notices []mahalla.Notice, groups int) []mahalla.Notice {
	var list []mahalla.Notice
	for _, n := range notices {
		if n.Kind != mahalla.NoticeMedia {
			list = append(list, n)
			continue
		}
		for i := range groups {
			n.Args = groupArg(i)
			list = append(list, n)
		}
	}
	return list
}

// additionMedia adds what belongs to one addition after the notice of it.
func additionMedia(notices []mahalla.Notice, groups, addition int) []mahalla.Notice {
	var list []mahalla.Notice
	for _, n := range notices {
		if n.Kind != mahalla.NoticeAddition {
			list = append(list, n)
			continue
		}
		n.Args = map[string]string{"addition": strconv.Itoa(addition)}
		list = append(list, n)
		for i := range groups {
			list = append(list, mahalla.Notice{Kind: mahalla.NoticeMedia, To: n.To, Lane: n.Lane, Args: map[string]string{
				"group": strconv.Itoa(i), "addition": strconv.Itoa(addition)}})
		}
	}
	return list
}

// groupArg names one group.
func groupArg(i int) map[string]string { return map[string]string{"group": strconv.Itoa(i)} }

// groupScreen draws the group that the arguments name.
func groupScreen(groups []group, args map[string]string) (mahalla.Screen, error) {
	i, err := strconv.Atoi(args["group"])
	if err != nil || i >= len(groups) {
		return mahalla.Screen{}, ErrPointless
	}
	g := groups[i]
	return mahalla.Screen{Media: g.media, Text: quote(g.words, mostPiece), Silent: true, Protect: true}, nil
}

// resultMedia is the evidence of the last result.
func resultMedia(reports []storage.Report) []mahalla.Media {
	for i := len(reports) - 1; i >= 0; i-- {
		if reports[i].Kind == storage.KindResult {
			return reports[i].Media
		}
	}
	return nil
}

// additionReport is the n-th addition, counted from one; nil when there is none.
func additionReport(reports []storage.Report, n int) *storage.Report {
	for i := range reports {
		if reports[i].Kind == storage.KindAddition {
			if n--; n == 0 {
				return &reports[i]
			}
		}
	}
	return nil
}
