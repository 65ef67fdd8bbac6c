-- From which number on every row of its table carries a hash of its own: an anchor
-- holds it fast, so that none can lose its hash afterwards, or come without one.
-- NULL is an anchor of a release that did not say, or made while one lived that
-- writes rows without hashes.
ALTER TABLE anchors ADD COLUMN IF NOT EXISTS hashed bigint;
