-- How far a tick has come that goes out to many people: state is 0 while it is
-- under way, 1 when it is done, 2 when it was missed; reached is the last person.
ALTER TABLE ticks
    ADD COLUMN state smallint NOT NULL DEFAULT 1 CHECK (state IN (0, 1, 2)),
    ADD COLUMN reached bigint NOT NULL DEFAULT 0;
CREATE INDEX ticks_under_way ON ticks (job, at) WHERE state = 0;

-- Who was given a digest of a day, each once.
CREATE TABLE digests (
    kind      text NOT NULL,
    day       date NOT NULL,
    person_id bigint NOT NULL REFERENCES people,
    PRIMARY KEY (kind, day, person_id)
);
