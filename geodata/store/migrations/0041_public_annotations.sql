-- Whether everybody may read an annotation: it may tell of a theft or name people, so it is said for each.
ALTER TABLE annotation ADD COLUMN public boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN annotation.public IS 'Whether everybody may read its text; else they are told its kind and days, of another kind nothing';
