-- When a dialogue wants attention though nobody writes: a draft is offered
-- again or deleted, a question is forgotten. The default is for rows from before
-- and of the previous release, which says nothing of it; they are looked at once.
ALTER TABLE dialogues ADD COLUMN wake_at timestamptz DEFAULT now();
CREATE INDEX dialogues_wake ON dialogues (wake_at) WHERE wake_at IS NOT NULL;

-- The place among the attachments of a report: parts of an album may be stored
-- by different replicas, whose ids do not follow each other.
ALTER TABLE attachments ADD COLUMN ordinal int NOT NULL DEFAULT 0;
