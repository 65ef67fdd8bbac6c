-- Who stands in every row of a case for a reporter who is not named. Telegram
-- knows nobody by that name, and a previous release that still runs leaves
-- whoever is out of reach alone.
ALTER TABLE people ALTER COLUMN telegram_id DROP NOT NULL;
ALTER TABLE people DROP CONSTRAINT IF EXISTS people_nobody;
ALTER TABLE people ADD CONSTRAINT people_nobody CHECK ((telegram_id IS NULL) = (id = -1)) NOT VALID;
INSERT INTO people (id, language, reach, created_at) VALUES (-1, 'uz-Latn', 'blocked', 'epoch') ON CONFLICT DO NOTHING;

-- What officers call that reporter; empty where the reporter is named.
ALTER TABLE cases ADD COLUMN IF NOT EXISTS alias text NOT NULL DEFAULT '';
ALTER TABLE cases DROP CONSTRAINT IF EXISTS cases_nobody;
ALTER TABLE cases ADD CONSTRAINT cases_nobody CHECK ((alias <> '') = (reporter_id = -1)) NOT VALID;

-- Who that reporter is, sealed under a key of its own, and how the person's own
-- cases are found: a keyed hash, another one for each case of a person. Deleted
-- some time after the case has ended.
CREATE TABLE IF NOT EXISTS links (
    case_id bigint PRIMARY KEY REFERENCES cases,
    look_up bytea NOT NULL,
    person  bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS links_look_up ON links (look_up);

ALTER TABLE keys DROP CONSTRAINT IF EXISTS keys_kind_check;
ALTER TABLE keys ADD CONSTRAINT keys_kind_check CHECK (kind IN ('seal', 'lookup', 'link'));

-- A picture that was sent as a file is an attachment too. Which kinds there are
-- the program knows.
ALTER TABLE attachments DROP CONSTRAINT IF EXISTS attachments_kind_check;
ALTER TABLE attachments ADD CONSTRAINT attachments_kind_check CHECK (kind ~ '^[a-z_]{1,16}$') NOT VALID;
