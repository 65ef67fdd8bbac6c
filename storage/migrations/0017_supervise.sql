-- Why somebody read a case that is not theirs to handle: a code, never words.
ALTER TABLE audit_log
    ADD COLUMN reason text CHECK (reason ~ '^[a-z_]{1,24}$'),
    ADD CHECK (reason IS NULL OR case_id IS NOT NULL);
