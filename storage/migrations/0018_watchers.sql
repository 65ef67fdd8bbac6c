-- Who was shown the card of a case without having been told of it: the card is
-- kept up to date like the others.
CREATE TABLE watchers (
    case_id   bigint NOT NULL REFERENCES cases,
    person_id bigint NOT NULL REFERENCES people,
    PRIMARY KEY (case_id, person_id)
);
