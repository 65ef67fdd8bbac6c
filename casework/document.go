package casework

import "koprik/mahalla"

// document is a file beneath whose screen stands what to do when it could not be
// made.
func (w *words) document(name, mime string, make func() ([]byte, error)) *mahalla.Document {
	return &mahalla.Document{Name: name, MIME: mime, Make: make, Missing: w.say("file.missing")}
}
