-- Comments listed the languages: a new one is a row of geodata/vocabulary/languages.py and needs no migration.
COMMENT ON COLUMN trail_content.variant IS 'Language: a row of geodata/vocabulary/languages.py';
COMMENT ON COLUMN station_content.variant IS 'Language or voice: a row of geodata/vocabulary/languages.py';
