-- For which cases a person shows the own number to the officer who accepted.
-- The number itself is sealed with the person.
CREATE TABLE shown_phones (
    case_id   bigint NOT NULL REFERENCES cases,
    person_id bigint NOT NULL REFERENCES people,
    at        timestamptz NOT NULL,
    PRIMARY KEY (case_id, person_id)
);
CREATE INDEX ON shown_phones (person_id, case_id);

-- Who has joined a case that somebody else reported, each once.
CREATE TABLE joins (
    case_id   bigint NOT NULL REFERENCES cases,
    person_id bigint NOT NULL REFERENCES people,
    at        timestamptz NOT NULL,
    undone_at timestamptz,
    PRIMARY KEY (case_id, person_id),
    CHECK (undone_at IS NULL OR undone_at >= at)
);
CREATE INDEX joins_person ON joins (person_id, case_id) WHERE undone_at IS NULL;
