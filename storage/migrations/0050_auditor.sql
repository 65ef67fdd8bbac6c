-- What the auditor found last, and when it last found nothing.
CREATE TABLE audits (
    single   boolean PRIMARY KEY DEFAULT true CHECK (single),
    at       timestamptz NOT NULL,
    clean_at timestamptz,
    findings jsonb NOT NULL
);
