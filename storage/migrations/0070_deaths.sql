-- How often an update was in hand when a replica died, and when it was taken in hand
-- last as one that may be the cause: see storage/suspects.go.
ALTER TABLE inbox
    ADD COLUMN IF NOT EXISTS deaths smallint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS counted_at timestamptz;
