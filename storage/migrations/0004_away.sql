-- Since when Telegram takes nothing for the person; what changed meanwhile is
-- brought up to date on the return.
ALTER TABLE people ADD COLUMN lost_at timestamptz;
UPDATE people SET lost_at = 'epoch' WHERE reach = 'blocked'; -- nobody knows since when

-- Until when the bot has surely heard what people did. One row; a gap is an
-- outage in which presses were lost.
CREATE TABLE hearing (
    single   boolean PRIMARY KEY DEFAULT true CHECK (single),
    heard_at timestamptz NOT NULL
);
