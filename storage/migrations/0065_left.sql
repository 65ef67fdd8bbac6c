-- When the cards of somebody whose role has ended by its date were brought up to date.
-- Of the roles that had ended before this was kept it counts as done.
ALTER TABLE memberships ADD COLUMN IF NOT EXISTS left_at timestamptz;
UPDATE memberships SET left_at = valid_until WHERE valid_until <= now() AND left_at IS NULL;
CREATE INDEX IF NOT EXISTS memberships_left ON memberships (valid_until) WHERE valid_until IS NOT NULL AND left_at IS NULL;
