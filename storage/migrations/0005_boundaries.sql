-- Where places lie on the map: a multipolygon in WGS 84 as WKB, longitude first,
-- the box around it in degrees, and its area in square metres.
CREATE TABLE boundaries (
    territory_id bigint PRIMARY KEY REFERENCES territories,
    geometry     bytea NOT NULL,
    west         double precision NOT NULL,
    south        double precision NOT NULL,
    east         double precision NOT NULL,
    north        double precision NOT NULL,
    area         double precision NOT NULL CHECK (area > 0),
    CHECK (west < east AND west >= -180 AND east <= 180),
    CHECK (south < north AND south >= -90 AND north <= 90)
);

-- The version of the reference data at which boundaries changed last: they are
-- large, and are read anew only then.
ALTER TABLE reference ADD COLUMN boundaries bigint NOT NULL DEFAULT 0;

-- A pin is an attachment without a file: its coordinates are sealed in place of
-- one. Round videos are attachments too.
ALTER TABLE attachments DROP CONSTRAINT attachments_kind_check;
ALTER TABLE attachments ADD CONSTRAINT attachments_kind_check
    CHECK (kind IN ('photo', 'voice', 'video', 'video_note', 'location')) NOT VALID;
