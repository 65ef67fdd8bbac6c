-- The question whose a case is, put to one person at a time, and what came of
-- it. An open one has a timer; a 'given' one asks nothing.
CREATE TABLE offers (
    case_id     bigint NOT NULL REFERENCES cases,
    ordinal     int NOT NULL CHECK (ordinal > 0),
    kind        text NOT NULL CHECK (kind IN ('elsewhere', 'absence', 'arbiter', 'given')),
    by_id       bigint NOT NULL REFERENCES people,
    to_id       bigint NOT NULL REFERENCES people,
    place_id    bigint REFERENCES territories,
    at          timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    round       int NOT NULL CHECK (round > 0),
    owner_id    bigint REFERENCES people,
    answer      text NOT NULL CHECK (answer IN ('', 'taken', 'refused', 'silent', 'decided', 'over')),
    answered_at timestamptz,
    PRIMARY KEY (case_id, ordinal),
    CHECK ((answer = '') = (answered_at IS NULL)),
    CHECK (by_id <> to_id)
);
CREATE UNIQUE INDEX offers_open ON offers (case_id) WHERE answer = '';
CREATE INDEX offers_to ON offers (to_id) WHERE answer = '';

-- A time in which an officer is told of no new cases, and who stands in. The
-- places of an agreed substitute are memberships with its dates.
CREATE TABLE absences (
    id            bigint PRIMARY KEY,
    person_id     bigint NOT NULL REFERENCES people,
    from_at       timestamptz NOT NULL,
    until_at      timestamptz NOT NULL,
    state         text NOT NULL CHECK (state IN ('planned', 'running', 'over', 'cancelled')),
    substitute_id bigint REFERENCES people,
    answer        text NOT NULL CHECK (answer IN ('', 'asked', 'agreed', 'refused', 'silent')),
    due_at        timestamptz,
    refused       bigint[] NOT NULL DEFAULT '{}',
    wake_at       timestamptz,
    CHECK (until_at > from_at),
    CHECK ((substitute_id IS NULL) = (answer = '')),
    CHECK ((due_at IS NOT NULL) = (answer = 'asked')),
    CHECK ((wake_at IS NOT NULL) = (state IN ('planned', 'running'))),
    CHECK (substitute_id <> person_id)
);
CREATE UNIQUE INDEX absences_open ON absences (person_id) WHERE state IN ('planned', 'running');
CREATE INDEX absences_substitute ON absences (substitute_id) WHERE state IN ('planned', 'running');
CREATE INDEX absences_wake ON absences (wake_at) WHERE wake_at IS NOT NULL;

ALTER TABLE memberships ADD COLUMN absence_id bigint REFERENCES absences;
CREATE INDEX memberships_absence ON memberships (absence_id) WHERE absence_id IS NOT NULL;
