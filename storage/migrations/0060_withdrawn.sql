-- Which result a message shows (0: none; the mask of one of a case whose reporter is
-- not named): when the closing is undone the message is taken away.
ALTER TABLE messages ADD COLUMN IF NOT EXISTS report_id bigint NOT NULL DEFAULT 0;
