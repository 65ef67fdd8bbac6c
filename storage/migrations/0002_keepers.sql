-- Which keys the sealed fields and the keyed hashes of this database were made
-- with. A fingerprint tells keys apart and reveals nothing of them.
CREATE TABLE keys (
    fingerprint bytea PRIMARY KEY CHECK (length(fingerprint) = 32),
    kind        text NOT NULL CHECK (kind IN ('seal', 'lookup')),
    since       timestamptz NOT NULL DEFAULT now()
);

-- The replicas that live. Each holds an advisory lock on its id and touches its
-- row; one whose lock is free and whose row has grown old is dead.
CREATE TABLE replicas (
    id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT now()
);

-- The replica that sends to the chat now; 0 is none, or one that is not known.
ALTER TABLE outbox_chats ADD COLUMN holder int NOT NULL DEFAULT 0;

-- Presses whose answer is not known to have been given, each the property of
-- one replica until due_at.
CREATE TABLE owed (
    inbox_id bigint PRIMARY KEY,
    press    text NOT NULL,
    due_at   timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- For housekeeping.
CREATE INDEX inbox_quarantined ON inbox (finished_at) WHERE state = 2;
CREATE INDEX memberships_invitation ON memberships (invitation_id) WHERE invitation_id IS NOT NULL;
