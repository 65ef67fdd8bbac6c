-- What waits to be read by the reporter of a secret case, who is first asked
-- whether it is safe to read: since when, not before when, and when the bot's
-- messages about the case were taken off the reporter's screen.
CREATE TABLE knocks (
    case_id  bigint PRIMARY KEY REFERENCES cases,
    since    timestamptz,
    later_at timestamptz,
    wiped_at timestamptz,
    CHECK (later_at IS NULL OR since IS NOT NULL)
);

-- For whom somebody who stands for a mahalla has reported: what the neighbour
-- agreed to, and the name and number if they may be told. Both are sealed.
CREATE TABLE behalves (
    case_id bigint PRIMARY KEY REFERENCES cases,
    agreed  text NOT NULL CHECK (agreed IN ('named', 'unnamed', 'saw')),
    name    bytea,
    phone   bytea,
    CHECK ((name IS NOT NULL) = (agreed = 'named')),
    CHECK (phone IS NULL OR agreed = 'named')
);

-- The groups of mahallas in which the bot answers. Nothing else is known of them.
CREATE TABLE chats (
    chat_id      bigint PRIMARY KEY CHECK (chat_id < 0),
    territory_id bigint NOT NULL REFERENCES territories,
    linked_by    bigint NOT NULL REFERENCES people,
    linked_at    timestamptz NOT NULL
);

-- What somebody wants to report out of a group, until it is fetched in the
-- private chat: once, soon, and by the same account. Only the token's hash is kept.
CREATE TABLE handovers (
    token_hash   bytea PRIMARY KEY,
    telegram_id  bigint NOT NULL,
    territory_id bigint NOT NULL REFERENCES territories,
    words        bytea NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX handovers_expired ON handovers (expires_at);
