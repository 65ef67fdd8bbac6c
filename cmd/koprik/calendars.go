package main

import (
	"context"

	"koprik/storage"
)

// calendars answers the private addresses of people's calendars; nil where no
// address is public. Its errors hold neither the address nor whose it is.
func (s *service) calendars() func(context.Context, string) ([]byte, error) {
	if s.config.PublicURL == "" {
		return nil
	}
	return func(ctx context.Context, token string) (file []byte, err error) {
		err = s.db.Read(ctx, func(tx *storage.Tx) error {
			file, err = s.desk.Feed(tx, token, s.now())
			return err
		})
		if err != nil {
			s.log.Warn("a calendar cannot be read", "error", storage.Loggable(err))
		}
		return file, err
	}
}
