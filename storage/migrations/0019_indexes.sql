-- no transaction
-- Nobody who reads or writes waits for what is done here.

-- What digests count, by place.
CREATE INDEX CONCURRENTLY IF NOT EXISTS cases_open ON cases (place_id) WHERE status IN ('new', 'accepted', 'waiting');
CREATE INDEX CONCURRENTLY IF NOT EXISTS cases_place_filed ON cases (place_id, filed_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS cases_place_closed ON cases (place_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS assignments_accepted ON assignments (accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS memberships_role ON memberships (role, person_id);

-- The kinds of attachments are more than they were, so that none can be wrong.
ALTER TABLE attachments VALIDATE CONSTRAINT attachments_kind_check;
-- So are the kinds of reports, and what may stand for nobody.
ALTER TABLE reports VALIDATE CONSTRAINT reports_kind_check;
ALTER TABLE people VALIDATE CONSTRAINT people_nobody;
ALTER TABLE cases VALIDATE CONSTRAINT cases_nobody;
