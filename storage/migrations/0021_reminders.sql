-- Messages that come to one person at a moment, about a meeting, a decision, a
-- case or a recurring reminder. Kind, matter, moment and person are what comes
-- once; fire_at is when it is looked at next, which a person may put off. Of one
-- that lies in the outbox fate says that its message was refused (3) or dropped (4).
CREATE TABLE IF NOT EXISTS reminders (
    id          bigint PRIMARY KEY,
    kind        text NOT NULL,
    about_id    bigint NOT NULL,
    person_id   bigint NOT NULL REFERENCES people,
    due_at      timestamptz NOT NULL,
    until_at    timestamptz NOT NULL,
    fire_at     timestamptz NOT NULL,
    snoozed     boolean NOT NULL DEFAULT false,
    state       text NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'given', 'sent', 'missed', 'refused', 'pointless', 'cancelled', 'stopped')),
    cause       text NOT NULL DEFAULT '',
    outbox_id   bigint,
    fate        smallint CHECK (fate IN (3, 4)),
    owner_id    bigint REFERENCES people,
    reported    boolean NOT NULL DEFAULT false,
    finished_at timestamptz,
    UNIQUE (kind, about_id, due_at, person_id),
    CHECK (until_at > due_at),
    CHECK ((state = 'given') <= (outbox_id IS NOT NULL)),
    CHECK ((state IN ('waiting', 'given')) = (finished_at IS NULL))
);
CREATE INDEX IF NOT EXISTS reminders_due ON reminders (fire_at) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS reminders_of ON reminders (person_id, fire_at) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS reminders_about ON reminders (about_id) WHERE state IN ('waiting', 'given');
CREATE INDEX IF NOT EXISTS reminders_given ON reminders (outbox_id) WHERE state = 'given';
CREATE INDEX IF NOT EXISTS reminders_unsent ON reminders (outbox_id) WHERE state = 'given' AND fate IS NOT NULL;
CREATE INDEX IF NOT EXISTS reminders_shown ON reminders (person_id, outbox_id) WHERE outbox_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS reminders_owned ON reminders (owner_id) WHERE owner_id IS NOT NULL AND NOT reported;
CREATE INDEX IF NOT EXISTS reminders_finished ON reminders (finished_at) WHERE finished_at IS NOT NULL;

-- What comes again and again, and how far its present moment has come: next_at
-- is that moment, NULL while it is not yet known, and reached is the last person
-- who has a row of it. Texts are sealed.
CREATE TABLE IF NOT EXISTS recurring (
    id         bigint PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('thursday', 'quarterly', 'custom')),
    author_id  bigint REFERENCES people,
    state      text NOT NULL CHECK (state IN ('on', 'paused', 'stopped')),
    rule       jsonb NOT NULL,
    roles      text[] NOT NULL CHECK (cardinality(roles) > 0),
    place_id   bigint NOT NULL REFERENCES territories,
    texts      bytea,
    next_at    timestamptz,
    reached    bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    CHECK ((kind = 'custom') = (author_id IS NOT NULL)),
    CHECK ((kind = 'custom') = (texts IS NOT NULL))
);
CREATE INDEX IF NOT EXISTS recurring_due ON recurring (next_at) WHERE state = 'on';
CREATE INDEX IF NOT EXISTS recurring_author ON recurring (author_id) WHERE author_id IS NOT NULL;

-- What a person does not want to be reminded of any more: a kind, and of custom
-- reminders one of them.
CREATE TABLE IF NOT EXISTS reminder_stops (
    person_id bigint NOT NULL REFERENCES people,
    kind      text NOT NULL,
    about_id  bigint NOT NULL DEFAULT 0,
    since     timestamptz NOT NULL,
    PRIMARY KEY (person_id, kind, about_id)
);

-- Those of every installation: the note on Thursday, the day of crime prevention,
-- and the report of each quarter, which is due on the 10th of the month after it.
INSERT INTO recurring (id, kind, state, rule, roles, place_id, created_at) VALUES
    (1, 'thursday', 'on', '{"cron": "0 9 * * 4", "holidays": "before"}',
        '{prevention_inspector,substitute}', 1, now()),
    (2, 'quarterly', 'on', '{"cron": "0 9 10 1,4,7,10 *", "shift": -10, "holidays": "before", "days_off": true}',
        '{mahalla_chair,prevention_inspector,social_worker}', 1, now()),
    (3, 'quarterly', 'on', '{"cron": "0 9 10 1,4,7,10 *", "shift": -3, "holidays": "before", "days_off": true}',
        '{mahalla_chair,prevention_inspector,social_worker}', 1, now()),
    (4, 'quarterly', 'on', '{"cron": "0 9 10 1,4,7,10 *", "holidays": "before", "days_off": true}',
        '{mahalla_chair,prevention_inspector,social_worker}', 1, now())
ON CONFLICT DO NOTHING;
