-- Reconciliation commissions. A commission is its place: who holds one of its
-- roles there sits in it.

-- A case that somebody proposed to a commission, and the gates before it.
CREATE TABLE agenda_items (
    id            bigint PRIMARY KEY,
    commission_id bigint NOT NULL REFERENCES territories,
    case_id       bigint NOT NULL REFERENCES cases,
    proposed_by   bigint NOT NULL REFERENCES people,
    proposed_at   timestamptz NOT NULL,
    state         text NOT NULL CHECK (state IN ('proposed', 'ready', 'scheduled', 'settled', 'dropped')),
    violence      text NOT NULL CHECK (violence IN ('', 'no', 'yes')),
    crime         text NOT NULL CHECK (crime IN ('', 'no', 'yes')),
    asked_by      bigint REFERENCES people,
    mediator      boolean NOT NULL DEFAULT false,
    ready_at      timestamptz,
    sittings      int NOT NULL DEFAULT 0 CHECK (sittings BETWEEN 0 AND 2),
    cause         text NOT NULL DEFAULT '',
    ended_at      timestamptz,
    CHECK ((state IN ('settled', 'dropped')) = (ended_at IS NOT NULL)),
    CHECK (state NOT IN ('ready', 'scheduled', 'settled') OR ready_at IS NOT NULL AND violence = 'no' AND crime = 'no'),
    CHECK ((violence = '' AND crime = '') = (asked_by IS NULL))
);
CREATE UNIQUE INDEX agenda_items_open ON agenda_items (case_id) WHERE state IN ('proposed', 'ready', 'scheduled');
CREATE INDEX agenda_items_commission ON agenda_items (commission_id, state, proposed_at);

-- The two sides of an item. Who has no account is known by a sealed name.
CREATE TABLE parties (
    item_id     bigint NOT NULL REFERENCES agenda_items,
    side        smallint NOT NULL CHECK (side IN (1, 2)),
    person_id   bigint REFERENCES people,
    name        bytea,
    phone       bytea,
    consent     text NOT NULL CHECK (consent IN ('', 'given', 'refused')),
    consent_at  timestamptz,
    recorded_by bigint REFERENCES people,
    token_hash  bytea UNIQUE,
    PRIMARY KEY (item_id, side),
    CHECK ((consent = '') = (consent_at IS NULL)),
    CHECK ((consent = '') = (recorded_by IS NULL))
);
CREATE INDEX parties_person ON parties (person_id) WHERE person_id IS NOT NULL;

-- A rule by which a commission meets again and again.
CREATE TABLE series (
    id            bigint PRIMARY KEY,
    commission_id bigint NOT NULL REFERENCES territories,
    rule          text NOT NULL CHECK (rule <> ''),
    shift         text NOT NULL CHECK (shift IN ('', 'before', 'after', 'skip')),
    excepted      date[] NOT NULL DEFAULT '{}',
    minutes       int NOT NULL CHECK (minutes BETWEEN 15 AND 600),
    place         bytea,
    pin           bytea,
    made_by       bigint NOT NULL REFERENCES people,
    made_at       timestamptz NOT NULL,
    ended_at      timestamptz
);
CREATE INDEX series_commission ON series (commission_id) WHERE ended_at IS NULL;

CREATE TABLE meetings (
    id            bigint PRIMARY KEY,
    commission_id bigint NOT NULL REFERENCES territories,
    series_id     bigint REFERENCES series,
    occurs_on     date,
    status        text NOT NULL CHECK (status IN ('draft', 'called', 'held', 'locked', 'cancelled')),
    at            timestamptz,
    minutes       int NOT NULL CHECK (minutes BETWEEN 15 AND 600),
    place         bytea,
    pin           bytea,
    language      text NOT NULL CHECK (language IN ('uz-Latn', 'uz-Cyrl', 'ru')),
    sequence      int NOT NULL DEFAULT 0,
    quorum        int NOT NULL CHECK (quorum > 0),
    made_by       bigint NOT NULL REFERENCES people,
    made_at       timestamptz NOT NULL,
    called_at     timestamptz,
    held_at       timestamptz,
    number        int,
    locked_at     timestamptz,
    locked_by     bigint REFERENCES people,
    cancelled_at  timestamptz,
    cause         bytea,
    wake_at       timestamptz,
    UNIQUE (series_id, occurs_on),
    CHECK (status = 'draft' OR at IS NOT NULL OR status = 'cancelled'),
    CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CHECK (status NOT IN ('called', 'held', 'locked') OR called_at IS NOT NULL),
    CHECK ((status IN ('held', 'locked')) = (held_at IS NOT NULL)),
    CHECK ((status = 'locked') = (locked_at IS NOT NULL)),
    CHECK ((locked_at IS NULL) = (number IS NULL))
);
CREATE INDEX meetings_commission ON meetings (commission_id, at);
CREATE INDEX meetings_wake ON meetings (wake_at) WHERE wake_at IS NOT NULL;

-- Who is asked to a meeting, as what, and what was answered: to which sequence.
CREATE TABLE participants (
    meeting_id    bigint NOT NULL REFERENCES meetings,
    person_id     bigint NOT NULL REFERENCES people,
    seat          text NOT NULL CHECK (seat IN ('chair', 'secretary', 'member', 'substitute', 'party', 'mediator')),
    in_for        bigint REFERENCES people,
    item_id       bigint REFERENCES agenda_items,
    side          smallint NOT NULL DEFAULT 0 CHECK (side BETWEEN 0 AND 2),
    conflicts     bigint[] NOT NULL DEFAULT '{}',
    rsvp          text NOT NULL CHECK (rsvp IN ('', 'yes', 'no', 'other')),
    rsvp_sequence int NOT NULL DEFAULT 0,
    proposed_at   timestamptz,
    answered_at   timestamptz,
    unreachable   boolean NOT NULL DEFAULT false,
    presence      text NOT NULL DEFAULT '' CHECK (presence IN ('', 'present', 'absent')),
    PRIMARY KEY (meeting_id, person_id),
    CHECK ((seat = 'party') = (item_id IS NOT NULL)),
    CHECK ((seat = 'party') = (side > 0)),
    CHECK ((seat = 'substitute') = (in_for IS NOT NULL)),
    CHECK ((rsvp = '') = (answered_at IS NULL)),
    CHECK ((rsvp = 'other') OR proposed_at IS NULL)
);
CREATE INDEX participants_person ON participants (person_id, meeting_id);

-- The agenda of a meeting, and what came of each item there.
CREATE TABLE hearings (
    meeting_id bigint NOT NULL REFERENCES meetings,
    item_id    bigint NOT NULL REFERENCES agenda_items,
    ordinal    int NOT NULL CHECK (ordinal > 0),
    outcome    text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'agreed', 'not_agreed', 'one_absent', 'withdrawn', 'referred')),
    note       bytea,
    PRIMARY KEY (meeting_id, item_id),
    UNIQUE (meeting_id, ordinal) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX hearings_item ON hearings (item_id);
