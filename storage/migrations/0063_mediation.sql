-- A meeting of one mediator with the sides of one item, without the others and without
-- public: who mediates is its quorum.
ALTER TABLE meetings ADD COLUMN IF NOT EXISTS mediation boolean NOT NULL DEFAULT false;
