package casework

import (
	"strconv"
	"strings"

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

// onCard is how much of a report's words its card is sure to show.
func onCard(r storage.Report) int {
	if r.Kind == storage.KindReport {
		return mostQuoted
	}
	return glance
}

// Arguments of a notice that shows what was said: all media of a report, or the
// rest of them that the chat has not been shown; or one message of a report.
const (
	argAlbum  = storage.ArgAlbum // the report's id
	argLate   = "late"           // only what has not been shown
	argReport = "report"         // the report's id
	argGroup  = "group"          // which of its messages
	argFrom   = "from"           // where the words of an addition begin and end
	argTo     = "to"
)

// attachedGroups names the messages that show everything that reporters have said
// and that the card does not hold.
func attachedGroups(reports []storage.Report) []map[string]string {
	var list []map[string]string
	for _, r := range reports {
		if r.Kind.ByReporter() || r.Kind == storage.KindDuplicate {
			list = append(list, piecesOf(r, onCard(r))...)
		}
	}
	return list
}

// piecesOf names the messages that one report needs beside its card. What was
// said with an album may grow until they are sent.
func piecesOf(r storage.Report, onCard int) []map[string]string {
	var list []map[string]string
	id := strconv.FormatInt(r.ID, 10)
	single := func(n int) {
		for i := range n {
			list = append(list, map[string]string{argReport: id, argGroup: strconv.Itoa(i)})
		}
	}
	if r.Kind == storage.KindReport {
		single(len(groupsOf(r.Words, r.Media, onCard)))
		return list
	}
	for i := range mahalla.GroupMedia(r.Media) {
		list = append(list, albumArg(r.ID, i > 0))
	}
	single(len(groupsOf(r.Words, nil, onCard)))
	return list
}

// albumArg names the album of a report, or the rest of it.
func albumArg(report int64, late bool) map[string]string {
	args := map[string]string{argAlbum: strconv.FormatInt(report, 10)}
	if late {
		args[argLate] = "yes"
	}
	return args
}

// withMedia turns each notice of media into one for each piece, and drops it
// where there is nothing to show.
func withMedia(notices []mahalla.Notice, pieces []map[string]string) []mahalla.Notice {
	var list []mahalla.Notice
	for _, n := range notices {
		if n.Kind != mahalla.NoticeMedia {
			list = append(list, n)
			continue
		}
		for _, n.Args = range pieces {
			list = append(list, n)
		}
	}
	return list
}

// additionMedia tells each notice of an addition what it shows, and adds what
// does not fit into it after it.
func additionMedia(notices []mahalla.Notice, r storage.Report) []mahalla.Notice {
	var list []mahalla.Notice
	for _, n := range notices {
		if n.Kind != mahalla.NoticeAddition && n.Kind != mahalla.NoticeAnswer {
			list = append(list, n)
			continue
		}
		n.Args = wordsArg(r.ID, 0, len(r.Words))
		list = append(list, n)
		for _, piece := range piecesOf(r, inNotice) {
			list = append(list, mahalla.Notice{Kind: mahalla.NoticeMedia, To: n.To, Lane: n.Lane, Args: piece})
		}
	}
	return list
}

// wordsArg names some words of a report.
func wordsArg(report int64, from, to int) map[string]string {
	return map[string]string{argReport: strconv.FormatInt(report, 10), argFrom: strconv.Itoa(from), argTo: strconv.Itoa(to)}
}

// captionLater tells each notice of an addition that it is about the words which
// came with a later part of an album.
func captionLater(notices []mahalla.Notice, r storage.Report, words string) []mahalla.Notice {
	from := len(r.Words)
	if from > 0 {
		from++ // they stand on a line of their own
	}
	for i := range notices {
		if notices[i].Kind == mahalla.NoticeAddition {
			notices[i].Args = wordsArg(r.ID, from, from+len(words))
			notices[i].Args[argLate] = "yes"
		}
	}
	return notices
}

// shownMedia draws the media or the piece of words that the arguments name.
func shownMedia(tx *storage.Tx, m storage.Message, reports []storage.Report) (mahalla.Screen, error) {
	if r := reportNamed(reports, m.Args[argAlbum]); r != nil {
		media, shown := r.Media, 0
		if m.Args[argLate] != "" {
			var err error
			if shown, err = tx.AlbumShown(m.Chat, r.ID); err != nil {
				return mahalla.Screen{}, err
			}
			media = media[min(shown, len(media)):]
		}
		s, err := groupScreen(groupsOf("", media, 0), 0)
		s.Upto = shown + len(s.Media)
		if r.Kind.OfResult() {
			s.Result = r.ID
		}
		return s, err
	}
	r := reportNamed(reports, m.Args[argReport])
	i, err := strconv.Atoi(m.Args[argGroup])
	switch {
	case r == nil || err != nil:
		return mahalla.Screen{}, ErrPointless
	case r.Kind == storage.KindReport:
		return groupScreen(groupsOf(r.Words, r.Media, 0), i)
	}
	s, err := groupScreen(groupsOf(r.Words, nil, 0), i)
	if r.Kind.OfResult() {
		s.Result = r.ID
	}
	return s, err
}

// groupScreen draws one group.
func groupScreen(groups []group, i int) (mahalla.Screen, error) {
	if i < 0 || i >= len(groups) {
		return mahalla.Screen{}, ErrPointless
	}
	g := groups[i]
	return mahalla.Screen{Media: g.media, Text: quote(g.words, mostPiece), Silent: true, Protect: true}, nil
}

// addedWords are the words that the notice of an addition is about; empty when
// they are too long for it and follow by themselves.
func addedWords(reports []storage.Report, args map[string]string) string {
	r := reportNamed(reports, args[argReport])
	from, err := strconv.Atoi(args[argFrom])
	to, err2 := strconv.Atoi(args[argTo])
	if r == nil || err != nil || err2 != nil || from < 0 || to < from || to > len(r.Words) {
		return ""
	}
	words := strings.TrimSpace(r.Words[from:to])
	if args[argLate] == "" && len(groupsOf(words, nil, inNotice)) > 0 {
		return ""
	}
	return words
}

// reportNamed finds a report by its id; nil when there is none.
func reportNamed(reports []storage.Report, id string) *storage.Report {
	for i := range reports {
		if strconv.FormatInt(reports[i].ID, 10) == id {
			return &reports[i]
		}
	}
	return nil
}

// evidence names the messages that show what was attached to the last result.
func evidence(reports []storage.Report) []map[string]string {
	for i := len(reports) - 1; i >= 0; i-- {
		if r := reports[i]; r.Kind == storage.KindResult || r.Kind == storage.KindClaim {
			r.Words = "" // the card has them
			return piecesOf(r, mostQuoted)
		}
	}
	return nil
}
