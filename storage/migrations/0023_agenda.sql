-- The link by which a side of an item comes into the chat works for a time.
ALTER TABLE parties ADD COLUMN token_until timestamptz;

-- What was found when a case was accepted: it is the third of its reporter, or of
-- its matter in the mahalla.
CREATE TABLE repeats (
    case_id bigint PRIMARY KEY REFERENCES cases,
    kind    text NOT NULL CHECK (kind IN ('people', 'place')),
    cases   int NOT NULL CHECK (cases >= 3)
);
