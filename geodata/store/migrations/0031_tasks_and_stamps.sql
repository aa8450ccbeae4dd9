-- What children do at a station with the phone in the pocket, and how many stamps of a trail earn its badge.

ALTER TABLE station_content ADD COLUMN task text NOT NULL DEFAULT '';
ALTER TABLE trail ADD COLUMN stamps_needed integer CHECK (stamps_needed > 0);

COMMENT ON COLUMN station_content.task IS 'Something to do without looking at the phone; empty where there is none';
COMMENT ON COLUMN trail.stamps_needed IS
    'Stamps that earn the badge of the trail; NULL: those of all stations that are open. Which phone has which is nowhere';
