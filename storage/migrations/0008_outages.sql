-- An outage after which people are asked again is a tick that goes out to many,
-- at the moment at which the bot heard again; since is when it had heard last.
ALTER TABLE ticks ADD COLUMN since timestamptz;

-- A card that rings for no other reason than that an outage may have swallowed a
-- press: it does not where nothing is asked any more.
ALTER TABLE outbox ADD COLUMN again boolean NOT NULL DEFAULT false;

-- How many parts of what was said at once a chat has been shown, those that were
-- given up included: it goes on after them.
CREATE TABLE albums (
    chat_id   bigint NOT NULL,
    report_id bigint NOT NULL,
    shown     int NOT NULL CHECK (shown > 0),
    PRIMARY KEY (chat_id, report_id)
);

-- An answer to a press is not owed for ever: after a while nobody waits for it.
ALTER TABLE owed ADD COLUMN since timestamptz NOT NULL DEFAULT now();
