-- A meeting that was called with an agenda on which nothing is left.
ALTER TABLE meetings ADD COLUMN IF NOT EXISTS emptied boolean NOT NULL DEFAULT false;
