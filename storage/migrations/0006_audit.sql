-- Who read the contents of cases, when, and of how many: never what was typed or
-- found. A reading of one case names it.
CREATE TABLE audit_log (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL,
    person_id bigint NOT NULL REFERENCES people,
    act       text NOT NULL CHECK (act ~ '^[a-z_]{1,24}$'),
    cases     int NOT NULL CHECK (cases > 0),
    case_id   bigint REFERENCES cases
);
CREATE INDEX audit_log_person ON audit_log (person_id, at);
CREATE INDEX audit_log_case ON audit_log (case_id, at) WHERE case_id IS NOT NULL;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
