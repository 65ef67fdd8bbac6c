-- Who was invited to a role of officers waits until a second person has approved.
-- An invitation that is vouched for needs nobody: the demo makes such ones.
ALTER TABLE invitations ADD COLUMN vouched boolean NOT NULL DEFAULT false;

CREATE TABLE approvals (
    invitation_id bigint PRIMARY KEY REFERENCES invitations ON DELETE CASCADE,
    person_id     bigint NOT NULL REFERENCES people,
    asked_at      timestamptz NOT NULL,
    asked         int NOT NULL DEFAULT 1 CHECK (asked > 0),
    look_at       timestamptz,
    answered_at   timestamptz,
    answered_by   bigint REFERENCES people,
    granted       boolean,
    CHECK ((answered_at IS NULL) = (answered_by IS NULL)),
    CHECK ((answered_at IS NULL) = (granted IS NULL)),
    CHECK (answered_by <> person_id)
);
CREATE INDEX approvals_look ON approvals (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX approvals_person ON approvals (person_id) WHERE answered_at IS NULL;

-- Acts of the log that read no case: a role that was given, refused, or counted at
-- once because nobody stands above.
ALTER TABLE audit_log DROP CONSTRAINT audit_log_cases_check;
ALTER TABLE audit_log ADD CONSTRAINT audit_log_cases_check CHECK (CASE WHEN act IN ('joined_alone', 'approved', 'disapproved') THEN cases = 0 ELSE cases > 0 END);

-- When koprik backup last made a backup.
CREATE TABLE backups (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    at     timestamptz NOT NULL
);
