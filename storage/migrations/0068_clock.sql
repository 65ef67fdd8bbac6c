-- What the clock towards a result has told somebody of a case: of one case one person
-- hears of the time once a day.
CREATE INDEX IF NOT EXISTS outbox_clock ON outbox (case_id, person_id) WHERE kind IN ('resolution', 'unresolved');
