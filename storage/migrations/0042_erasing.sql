-- On which day the words of a case were erased. One that was reopened since, and
-- has ended again, has new ones.
ALTER TABLE cases ADD COLUMN IF NOT EXISTS erased_at timestamptz;
CREATE INDEX IF NOT EXISTS cases_unerased ON cases (coalesce(closed_at, withdrawn_at), id)
    WHERE status IN ('closed', 'withdrawn') AND (erased_at IS NULL OR erased_at < coalesce(closed_at, withdrawn_at));

-- On which day somebody has asked to be forgotten. Once nothing waits the account
-- is taken off the row, which then has a number of its own below zero, as no
-- account has.
ALTER TABLE people ADD COLUMN IF NOT EXISTS leaving_at timestamptz;
CREATE INDEX IF NOT EXISTS people_leaving ON people (id) WHERE leaving_at IS NOT NULL;
