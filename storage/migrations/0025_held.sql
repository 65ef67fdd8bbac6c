-- Which sides of an item came to the sitting.
ALTER TABLE hearings ADD COLUMN came smallint[] NOT NULL DEFAULT '{}' CHECK (came <@ ARRAY[1, 2]::smallint[]);

CREATE INDEX agenda_items_case ON agenda_items (case_id);
CREATE INDEX meetings_begun ON meetings (at) WHERE status = 'called';

-- Numbers of minutes run by commission and year.
ALTER TABLE meetings ADD CHECK (number > 0);
CREATE UNIQUE INDEX meetings_number ON meetings (commission_id, (extract(year FROM at AT TIME ZONE 'Asia/Tashkent')), number) WHERE number IS NOT NULL;

-- What is written down of a meeting, from its beginning until its minutes are
-- confirmed. A meeting that is moved afterwards begins anew: at says of which
-- time this is.
CREATE TABLE sittings (
    meeting_id bigint PRIMARY KEY REFERENCES meetings,
    at         timestamptz NOT NULL,
    stage      text NOT NULL CHECK (stage IN ('open', 'sent', 'returned', 'over')),
    sent_at    timestamptz,
    sent_to    bigint REFERENCES people,
    remark     bytea,
    nudges     int NOT NULL DEFAULT 0,
    wake_at    timestamptz,
    CHECK (stage NOT IN ('sent', 'returned') OR sent_at IS NOT NULL AND sent_to IS NOT NULL),
    CHECK (stage <> 'over' OR wake_at IS NULL)
);
CREATE INDEX sittings_wake ON sittings (wake_at) WHERE wake_at IS NOT NULL;

-- What a commission has decided: who does what by which day. Somebody without an
-- account is known by a sealed name.
CREATE TABLE decisions (
    id            bigint PRIMARY KEY,
    commission_id bigint NOT NULL REFERENCES territories,
    meeting_id    bigint NOT NULL REFERENCES meetings,
    item_id       bigint REFERENCES agenda_items,
    words         bytea NOT NULL,
    person_id     bigint REFERENCES people,
    name          bytea,
    due_at        timestamptz NOT NULL,
    made_by       bigint NOT NULL REFERENCES people,
    made_at       timestamptz NOT NULL,
    done_at       timestamptz,
    done_by       bigint REFERENCES people,
    asked_at      timestamptz,
    CHECK ((person_id IS NULL) = (name IS NOT NULL)),
    CHECK ((done_at IS NULL) = (done_by IS NULL)),
    CHECK (done_at IS NULL OR asked_at IS NULL)
);
CREATE INDEX decisions_meeting ON decisions (meeting_id);
CREATE INDEX decisions_open ON decisions (commission_id, due_at) WHERE done_at IS NULL;
CREATE INDEX decisions_person ON decisions (person_id) WHERE person_id IS NOT NULL;

-- Decisions that were not carried out and are on the agenda of a later meeting.
CREATE TABLE reviews (
    meeting_id  bigint NOT NULL REFERENCES meetings,
    decision_id bigint NOT NULL REFERENCES decisions,
    PRIMARY KEY (meeting_id, decision_id)
);
CREATE INDEX reviews_decision ON reviews (decision_id);

-- What was wrong in minutes that are confirmed. They stay as they are.
CREATE TABLE corrections (
    id         bigint PRIMARY KEY,
    meeting_id bigint NOT NULL REFERENCES meetings,
    by_id      bigint NOT NULL REFERENCES people,
    at         timestamptz NOT NULL,
    words      bytea NOT NULL
);
CREATE INDEX corrections_meeting ON corrections (meeting_id, at);
CREATE TRIGGER corrections_append_only BEFORE UPDATE OR DELETE ON corrections
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Nothing of a meeting changes once its minutes are confirmed, but that a
-- decision was carried out, or has another day.
CREATE FUNCTION refuse_locked_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'locked' THEN
        RAISE EXCEPTION 'the minutes are confirmed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER meetings_locked BEFORE UPDATE OR DELETE ON meetings
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_meeting();

CREATE FUNCTION refuse_locked_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'decisions' THEN
        IF (to_jsonb(OLD) - '{due_at,done_at,done_by,asked_at}'::text[]) = (to_jsonb(NEW) - '{due_at,done_at,done_by,asked_at}'::text[]) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT FROM meetings WHERE id = OLD.meeting_id AND status = 'locked')
        OR TG_OP <> 'DELETE' AND EXISTS (SELECT FROM meetings WHERE id = NEW.meeting_id AND status = 'locked') THEN
        RAISE EXCEPTION 'the minutes are confirmed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER participants_locked BEFORE INSERT OR UPDATE OR DELETE ON participants
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_part();
CREATE TRIGGER hearings_locked BEFORE INSERT OR UPDATE OR DELETE ON hearings
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_part();
CREATE TRIGGER decisions_locked BEFORE INSERT OR UPDATE OR DELETE ON decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_part();
CREATE TRIGGER reviews_locked BEFORE INSERT OR UPDATE OR DELETE ON reviews
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_part();
