-- The officer who gave a case up for another one; NULL where its reporter did.
-- Who confirmed that a report was false: an objection goes to that person too.
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS merged_by bigint REFERENCES people,
    ADD COLUMN IF NOT EXISTS confirmed_by bigint REFERENCES people;
CREATE INDEX IF NOT EXISTS cases_merged ON cases (merged_into) WHERE merged_into IS NOT NULL;
