-- The clock from the acceptance to the result, with its moments, and when the
-- result is due while that clock runs. A case from before has none until it is
-- accepted anew.
ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS resolution jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS resolve_by timestamptz;

-- The owner's word that the report is false, and who is asked to confirm it;
-- NULL when there is none. What the owner said is a report of a kind of its own:
-- the reporter does not read it before.
ALTER TABLE cases ADD COLUMN IF NOT EXISTS claim jsonb;
ALTER TABLE reports DROP CONSTRAINT IF EXISTS reports_kind_check;
ALTER TABLE reports ADD CONSTRAINT reports_kind_check
    CHECK (kind IN ('report', 'addition', 'result', 'reopening', 'question', 'answer', 'note', 'claim')) NOT VALID;

-- A ready sentence in the place of words, by its name: each reads it in the own
-- language.
ALTER TABLE reports ADD COLUMN IF NOT EXISTS template text NOT NULL DEFAULT '';

-- Whether what was done is to be shown in a picture. What nobody lives in may be.
ALTER TABLE categories ADD COLUMN IF NOT EXISTS evidence boolean NOT NULL DEFAULT false;
UPDATE categories SET evidence = true WHERE code = 'fire_gas';
