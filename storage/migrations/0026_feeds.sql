-- A name for this installation in the calendars of other people's phones. It is
-- random and says nothing.
CREATE TABLE installation (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    name text NOT NULL CHECK (name ~ '^[0-9a-f]{12}$')
);
INSERT INTO installation (name) VALUES (left(replace(gen_random_uuid()::text, '-', ''), 12));

-- The private calendar of a person, by a hash of the secret in its address.
-- Revoking it deletes the row, so that an address of old is like one that never
-- was.
CREATE TABLE feeds (
    person_id  bigint PRIMARY KEY REFERENCES people,
    token_hash bytea NOT NULL UNIQUE,
    made_at    timestamptz NOT NULL
);

-- When the next draft of a series is to be made.
ALTER TABLE series ADD COLUMN look_at timestamptz;
CREATE INDEX series_look ON series (look_at) WHERE ended_at IS NULL;
