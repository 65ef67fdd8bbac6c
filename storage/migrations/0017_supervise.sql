-- Why somebody read a case that is not theirs to handle: a code, never words.
ALTER TABLE audit_log
    ADD COLUMN reason text CHECK (reason ~ '^[a-z_]{1,24}$'),
    ADD CHECK (reason IS NULL OR case_id IS NOT NULL);

-- When the ladder last woke somebody, and about which case: what falls due for
-- the same person just after that comes in one card.
CREATE TABLE wakings (
    person_id bigint PRIMARY KEY REFERENCES people,
    at        timestamptz NOT NULL,
    case_id   bigint NOT NULL REFERENCES cases
);

-- Cases that a person was told of in that card, and has no card of their own of.
CREATE TABLE gathered (
    person_id bigint NOT NULL REFERENCES people,
    case_id   bigint NOT NULL REFERENCES cases,
    PRIMARY KEY (person_id, case_id)
);
CREATE INDEX gathered_case ON gathered (case_id);
