-- A question of the owner: since when the reporter's answer is waited for. It
-- stands while the status is 'waiting', in which the owner's clocks do not run.
ALTER TABLE cases ADD COLUMN asked_at timestamptz;
CREATE INDEX cases_asked ON cases (reporter_id) WHERE status = 'waiting';

-- A promise: how often it was moved, and since when its owner is asked about it.
ALTER TABLE cases
    ADD COLUMN postponed int NOT NULL DEFAULT 0 CHECK (postponed BETWEEN 0 AND 2),
    ADD COLUMN checked_at timestamptz;

-- What is said about a case also by its owner: a question, and what only
-- officers read.
ALTER TABLE reports DROP CONSTRAINT reports_kind_check;
ALTER TABLE reports ADD CONSTRAINT reports_kind_check
    CHECK (kind IN ('report', 'addition', 'result', 'reopening', 'question', 'answer', 'note'));
