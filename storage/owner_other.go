//go:build !unix

package storage

// sameOwner has nothing to do where files have no owner of this kind.
func sameOwner(_, _ string) error { return nil }
