-- What a meeting in the making is asked next; when one that was moved was to be; that
-- one was over before the bot could say anything; when those who are silent were
-- asked again last.
ALTER TABLE meetings
    ADD COLUMN step text NOT NULL DEFAULT '' CHECK (step IN ('', 'day', 'clock', 'place', 'agenda', 'people', 'ready')),
    ADD COLUMN moved_from timestamptz,
    ADD COLUMN missed_at timestamptz,
    ADD COLUMN nudged_at timestamptz,
    ADD CHECK (step = '' OR status = 'draft'),
    ADD CHECK (missed_at IS NULL OR status <> 'draft');
CREATE INDEX meetings_drafts ON meetings (made_by) WHERE status = 'draft';
CREATE INDEX outbox_calendars ON outbox (case_id) WHERE kind = 'ics';
