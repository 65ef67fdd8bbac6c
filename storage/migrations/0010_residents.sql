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

-- Of which open cases of others the receipt asks whether one is the same matter:
-- nothing once that is answered, and no words. And for which of them the reporter
-- gave this one up: it counts no more, and lives again if that was wrong.
ALTER TABLE cases
    ADD COLUMN offered bigint[] CHECK (cardinality(offered) BETWEEN 1 AND 3),
    ADD COLUMN merged_into bigint REFERENCES cases
        CHECK (merged_into IS NULL OR merged_into <> id AND status = 'withdrawn');
