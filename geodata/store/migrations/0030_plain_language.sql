-- Texts in plain language: who wrote them, and which group of readers checked which words on which day.

ALTER TABLE station_content ADD COLUMN plain jsonb;
ALTER TABLE trail_content ADD COLUMN plain jsonb;

COMMENT ON COLUMN station_content.plain IS 'Of plain language: translator, checked_by, checked_on, checked_text (digest of the words that were checked)';
COMMENT ON COLUMN trail_content.plain IS 'As in station_content';
