-- At how many deaths of a replica an update was in hand: see storage/suspects.go.
ALTER TABLE inbox ADD COLUMN IF NOT EXISTS deaths smallint NOT NULL DEFAULT 0;
