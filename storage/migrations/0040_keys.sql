-- Which key of the file is which, since when fields are sealed with it, and
-- whether it was taken out for good. Replicas say which keys they hold, and with
-- which one they seal: NULL is a release that cannot say.
ALTER TABLE keys
    ADD COLUMN IF NOT EXISTS key_id bigint,
    ADD COLUMN IF NOT EXISTS offered_at timestamptz,
    ADD COLUMN IF NOT EXISTS primary_at timestamptz,
    ADD COLUMN IF NOT EXISTS dropped_at timestamptz;
ALTER TABLE replicas
    ADD COLUMN IF NOT EXISTS holds bigint[],
    ADD COLUMN IF NOT EXISTS seals_with bigint;

-- Words are sealed anew under another key, and erased when their time has come.
-- What happened, when and by whom stays as it is.
DROP TRIGGER IF EXISTS case_events_append_only ON case_events;
CREATE TRIGGER case_events_append_only
    BEFORE DELETE OR UPDATE OF id, case_id, kind, at, by_id, about_id, level, late, note ON case_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
