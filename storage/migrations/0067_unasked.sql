-- Somebody waits to be approved though nobody above can be told yet: asked = 0.
ALTER TABLE approvals DROP CONSTRAINT approvals_asked_check;
ALTER TABLE approvals ADD CONSTRAINT approvals_asked_check CHECK (asked >= 0);
