-- Ids of every table whose sealed fields are bound to their row come from one
-- sequence, in blocks, so that a row's id is known before the row is written.
CREATE SEQUENCE ids INCREMENT BY 256;

-- Territory and other reference data ----------------------------------------

CREATE TABLE territories (
    id           bigint PRIMARY KEY,
    parent_id    bigint REFERENCES territories,
    kind         text NOT NULL CHECK (kind IN ('republic', 'region', 'district', 'sector', 'mahalla')),
    code         text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9_-]{1,40}$'),
    number       int NOT NULL DEFAULT 0,
    point        text NOT NULL DEFAULT '',
    name_uz_latn text NOT NULL,
    name_uz_cyrl text NOT NULL,
    name_ru      text NOT NULL,
    path         bigint[] NOT NULL,
    retired_at   timestamptz,
    CHECK ((parent_id IS NULL) = (kind = 'republic')),
    CHECK (path[1] = id)
);
CREATE INDEX ON territories (parent_id);

INSERT INTO territories (id, kind, code, name_uz_latn, name_uz_cyrl, name_ru, path)
VALUES (1, 'republic', 'UZ', 'Oʻzbekiston', 'Ўзбекистон', 'Узбекистан', '{1}');

CREATE TABLE categories (
    code           text PRIMARY KEY CHECK (code ~ '^[a-z_]{1,24}$'),
    grp            text NOT NULL,
    name_uz_latn   text NOT NULL CHECK (name_uz_latn <> ''),
    name_uz_cyrl   text NOT NULL CHECK (name_uz_cyrl <> ''),
    name_ru        text NOT NULL CHECK (name_ru <> ''),
    rank           int NOT NULL,
    urgency        text NOT NULL CHECK (urgency IN ('low', 'normal', 'high', 'emergency')),
    primary_role   text NOT NULL,
    resolve        text NOT NULL,
    secrecy        text NOT NULL CHECK (secrecy IN ('public', 'internal', 'confidential', 'secret')),
    numbers        text[] NOT NULL DEFAULT '{}',
    reconciliation text NOT NULL CHECK (reconciliation IN ('never', 'consent')),
    anonymous_ok   text NOT NULL
);

CREATE TABLE holidays (
    day          date PRIMARY KEY,
    kind         text NOT NULL,
    name_uz_latn text NOT NULL,
    name_ru      text NOT NULL
);

CREATE TABLE phone_numbers (
    number       text PRIMARY KEY,
    name_uz_latn text NOT NULL,
    name_ru      text NOT NULL,
    printable    boolean NOT NULL
);

CREATE TABLE settings (
    territory_id bigint NOT NULL REFERENCES territories,
    key          text NOT NULL,
    value        jsonb NOT NULL,
    PRIMARY KEY (territory_id, key)
);

-- Grows whenever reference data changes, so that every replica reads it anew.
CREATE TABLE reference (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    version bigint NOT NULL
);
INSERT INTO reference (version) VALUES (1);

-- People ---------------------------------------------------------------------

CREATE TABLE people (
    id           bigint PRIMARY KEY,
    telegram_id  bigint NOT NULL UNIQUE,
    language     text NOT NULL CHECK (language IN ('uz-Latn', 'uz-Cyrl', 'ru')),
    reach        text NOT NULL CHECK (reach IN ('not_started', 'reachable', 'blocked')),
    name         bytea,
    phone        bytea,
    phone_mac    bytea,
    home_id      bigint REFERENCES territories,
    consented_at timestamptz,
    created_at   timestamptz NOT NULL,
    CHECK ((phone IS NULL) = (phone_mac IS NULL))
);
CREATE INDEX ON people (phone_mac) WHERE phone_mac IS NOT NULL;

CREATE TABLE consents (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people,
    version   text NOT NULL,
    language  text NOT NULL,
    given_at  timestamptz NOT NULL
);
CREATE INDEX ON consents (person_id);

CREATE TABLE invitations (
    id           bigint PRIMARY KEY,
    token_hash   bytea NOT NULL UNIQUE,
    role         text NOT NULL,
    territory_id bigint NOT NULL REFERENCES territories,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    used_by      bigint REFERENCES people,
    revoked_at   timestamptz,
    CHECK ((used_at IS NULL) = (used_by IS NULL))
);

CREATE TABLE memberships (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id     bigint NOT NULL REFERENCES people,
    role          text NOT NULL,
    territory_id  bigint NOT NULL REFERENCES territories,
    invitation_id bigint REFERENCES invitations,
    valid_from    timestamptz NOT NULL,
    valid_until   timestamptz,
    CHECK (valid_until IS NULL OR valid_until > valid_from)
);
CREATE UNIQUE INDEX memberships_open ON memberships (person_id, role, territory_id) WHERE valid_until IS NULL;
CREATE INDEX ON memberships (territory_id);

-- What the bot is waiting to hear from a person: a draft, a question.
CREATE TABLE dialogues (
    person_id  bigint PRIMARY KEY REFERENCES people,
    data       bytea NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Cases ----------------------------------------------------------------------

CREATE TABLE cases (
    id           bigint PRIMARY KEY,
    number       int NOT NULL UNIQUE CHECK (number BETWEEN 0 AND 99999999),
    reporter_id  bigint NOT NULL REFERENCES people,
    place_id     bigint NOT NULL REFERENCES territories,
    category     text NOT NULL REFERENCES categories,
    urgency      text NOT NULL CHECK (urgency IN ('low', 'normal', 'high', 'emergency')),
    secrecy      text NOT NULL CHECK (secrecy IN ('public', 'internal', 'confidential', 'secret')),
    status       text NOT NULL CHECK (status IN ('new', 'accepted', 'waiting', 'closed', 'withdrawn')),
    round        int NOT NULL CHECK (round > 0),
    level        int NOT NULL CHECK (level BETWEEN 0 AND 5),
    filed_at     timestamptz NOT NULL,
    ladder       jsonb NOT NULL,
    next_beat_at timestamptz,
    owner_id     bigint REFERENCES people,
    own_level    int NOT NULL DEFAULT 0,
    accepted_at  timestamptz,
    promised_at  timestamptz,
    closed_at    timestamptz,
    closing      text NOT NULL DEFAULT '',
    withdrawn_at timestamptz,
    verdict      text NOT NULL DEFAULT '',
    judged_at    timestamptz,
    rating       int NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
    reopened     int NOT NULL DEFAULT 0 CHECK (reopened BETWEEN 0 AND 2),
    additions    int NOT NULL DEFAULT 0,
    -- A status and its timestamp change together.
    CHECK ((owner_id IS NULL) = (accepted_at IS NULL)),
    CHECK (status NOT IN ('accepted', 'waiting', 'closed') OR owner_id IS NOT NULL),
    CHECK (status <> 'new' OR owner_id IS NULL),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((closed_at IS NULL) = (closing = '')),
    CHECK ((status = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CHECK ((verdict = '') = (judged_at IS NULL)),
    CHECK (next_beat_at IS NULL OR status = 'new')
);
CREATE INDEX cases_reporter ON cases (reporter_id, filed_at DESC);
CREATE INDEX cases_beat ON cases (next_beat_at) WHERE next_beat_at IS NOT NULL;
CREATE INDEX cases_waiting ON cases (id) WHERE next_beat_at IS NOT NULL;
CREATE INDEX cases_owner ON cases (owner_id, promised_at) WHERE status IN ('accepted', 'waiting');

CREATE TABLE reports (
    id        bigint PRIMARY KEY,
    case_id   bigint NOT NULL REFERENCES cases,
    person_id bigint NOT NULL REFERENCES people,
    kind      text NOT NULL CHECK (kind IN ('report', 'addition', 'result', 'reopening')),
    words     bytea,
    at        timestamptz NOT NULL
);
CREATE INDEX ON reports (case_id, id);

CREATE TABLE attachments (
    id        bigint PRIMARY KEY,
    report_id bigint NOT NULL REFERENCES reports,
    kind      text NOT NULL CHECK (kind IN ('photo', 'voice', 'video')),
    file      bytea NOT NULL,
    caption   bytea,
    seconds   int NOT NULL DEFAULT 0
);
CREATE INDEX ON attachments (report_id, id);

-- One person told of a case in one round: the proof behind the clock in Redis.
CREATE TABLE assignments (
    case_id     bigint NOT NULL REFERENCES cases,
    round       int NOT NULL,
    person_id   bigint NOT NULL REFERENCES people,
    ordinal     int NOT NULL,
    role        text NOT NULL,
    level       int NOT NULL,
    told_at     timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    accepted_at timestamptz,
    unreachable boolean NOT NULL DEFAULT false,
    PRIMARY KEY (case_id, round, person_id)
);
CREATE INDEX ON assignments (person_id, case_id);
CREATE UNIQUE INDEX assignments_one_owner ON assignments (case_id, round) WHERE accepted_at IS NOT NULL;

CREATE TABLE case_events (
    id       bigint PRIMARY KEY,
    case_id  bigint NOT NULL REFERENCES cases,
    kind     text NOT NULL,
    at       timestamptz NOT NULL,
    by_id    bigint,
    about_id bigint,
    level    int NOT NULL DEFAULT 0,
    late     boolean NOT NULL DEFAULT false,
    note     text NOT NULL DEFAULT '',
    words    bytea
);
CREATE INDEX ON case_events (case_id, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history is only ever appended to';
END $$;
CREATE TRIGGER case_events_append_only BEFORE UPDATE OR DELETE ON case_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE timers (
    case_id bigint NOT NULL REFERENCES cases,
    kind    text NOT NULL,
    due_at  timestamptz NOT NULL,
    PRIMARY KEY (case_id, kind)
);
CREATE INDEX ON timers (due_at);

CREATE TABLE ticks (
    job text NOT NULL,
    at  timestamptz NOT NULL,
    PRIMARY KEY (job, at)
);

-- Inbox ----------------------------------------------------------------------

-- state: 0 waiting, 1 done, 2 quarantined.
CREATE TABLE inbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dedup       text NOT NULL UNIQUE,
    update_id   bigint NOT NULL,
    chat_id     bigint NOT NULL,
    payload     bytea,
    state       smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    attempts    int NOT NULL DEFAULT 0,
    reason      text NOT NULL DEFAULT '',
    stored_at   timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((state = 0) = (finished_at IS NULL)),
    CHECK (state = 1 OR payload IS NOT NULL)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, fillfactor = 80);
CREATE INDEX inbox_waiting ON inbox (chat_id, id) WHERE state = 0;
CREATE INDEX inbox_finished ON inbox (finished_at) WHERE state = 1;

-- One row a chat: how much of it waits, and when it may be served next. A chat
-- that owns most of the backlog costs no more to pass over than any other.
CREATE TABLE inbox_chats (
    chat_id  bigint PRIMARY KEY,
    waiting  int NOT NULL CHECK (waiting >= 0),
    ready_at timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, fillfactor = 70);
CREATE INDEX inbox_chats_ready ON inbox_chats (ready_at) WHERE waiting > 0;

-- Outbox ---------------------------------------------------------------------

CREATE SEQUENCE outbox_seq;

-- state: 0 waiting, 1 being sent, 2 sent, 3 refused for good, 4 dropped as pointless.
CREATE TABLE outbox (
    id          bigint PRIMARY KEY,
    seq         bigint NOT NULL DEFAULT nextval('outbox_seq'),
    person_id   bigint NOT NULL REFERENCES people,
    chat_id     bigint NOT NULL,
    kind        text NOT NULL,
    case_id     bigint NOT NULL DEFAULT 0,
    round       int NOT NULL DEFAULT 0,
    lane        smallint NOT NULL,
    ring        boolean NOT NULL,
    args        bytea,
    state       smallint NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 4),
    attempts    int NOT NULL DEFAULT 0,
    reason      text NOT NULL DEFAULT '',
    message_id  bigint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    filed_at    timestamptz,
    finished_at timestamptz,
    CHECK ((state IN (0, 1)) = (finished_at IS NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, fillfactor = 80);
CREATE INDEX outbox_waiting ON outbox (chat_id, seq) WHERE state IN (0, 1);
CREATE UNIQUE INDEX outbox_one_card ON outbox (person_id, kind, case_id) WHERE state = 0 AND kind LIKE 'card.%';
CREATE INDEX outbox_case ON outbox (case_id) WHERE state = 0 AND case_id <> 0;
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE state >= 2;

CREATE TABLE outbox_chats (
    chat_id  bigint PRIMARY KEY,
    waiting  int NOT NULL CHECK (waiting >= 0),
    lane     smallint NOT NULL,
    ready_at timestamptz NOT NULL,
    pace_at  timestamptz NOT NULL DEFAULT '-infinity'
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, fillfactor = 70);
CREATE INDEX outbox_chats_ready ON outbox_chats (lane, ready_at) WHERE waiting > 0;

-- Which message of which chat is about which case: a reply to it is about that.
CREATE TABLE messages (
    chat_id    bigint NOT NULL,
    message_id bigint NOT NULL,
    case_id    bigint NOT NULL,
    PRIMARY KEY (chat_id, message_id)
);

-- The living message of a person for a kind of card and a case (0: none).
CREATE TABLE cards (
    person_id  bigint NOT NULL REFERENCES people,
    kind       text NOT NULL,
    case_id    bigint NOT NULL,
    message_id bigint NOT NULL,
    hash       bytea NOT NULL,
    PRIMARY KEY (person_id, kind, case_id)
);
