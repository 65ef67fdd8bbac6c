-- What is sealed may be sealed anew under another key, also of meetings whose
-- minutes are confirmed: a rotation says so for its own statement. Whoever can say
-- that and has no key can only damage a value, which is noticed when it is opened.
CREATE OR REPLACE FUNCTION refuse_locked_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'locked' AND (TG_OP = 'DELETE' OR current_setting('koprik.resealing', true) IS DISTINCT FROM 'on') THEN
        RAISE EXCEPTION 'the minutes are confirmed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION refuse_locked_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('koprik.resealing', true) = 'on' THEN
        RETURN NEW;
    END IF;
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

CREATE FUNCTION refuse_correction_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('koprik.resealing', true) = 'on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a correction is only ever added';
END $$;
DROP TRIGGER corrections_append_only ON corrections;
CREATE TRIGGER corrections_append_only BEFORE UPDATE OR DELETE ON corrections
    FOR EACH ROW EXECUTE FUNCTION refuse_correction_change();
