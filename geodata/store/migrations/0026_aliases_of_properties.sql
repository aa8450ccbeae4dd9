-- A property may be renamed: what it was called before goes on naming it, to devices and to readers.

ALTER TABLE observed_property ADD COLUMN aliases text[] NOT NULL DEFAULT '{}';

COMMENT ON COLUMN observed_property.aliases IS 'Names that it had before; devices and readers may go on using them';

ALTER TABLE datastream DROP CONSTRAINT datastream_observed_property_fkey,
    ADD FOREIGN KEY (observed_property) REFERENCES observed_property ON UPDATE CASCADE;
ALTER TABLE notice_rule DROP CONSTRAINT notice_rule_observed_property_fkey,
    ADD FOREIGN KEY (observed_property) REFERENCES observed_property ON UPDATE CASCADE;
ALTER TABLE trail_audience DROP CONSTRAINT trail_audience_observed_property_fkey,
    ADD FOREIGN KEY (observed_property) REFERENCES observed_property ON DELETE CASCADE ON UPDATE CASCADE;
