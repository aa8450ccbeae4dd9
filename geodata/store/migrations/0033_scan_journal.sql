-- Scans stand in a file of the web process before they are answered. The transaction that adds them to scan_hour says here
-- how far that file is read, so that none is lost and none is added twice, whatever ends in between.

CREATE TABLE scan_journal (
    id uuid PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0)
);

-- Scans of pages that a phone opened without a network come later, and may be sent twice when an answer is lost. The id is
-- made at random for each of them, and is all that is kept; later than this day's hours are taken it is forgotten.
CREATE TABLE scan_receipt (
    id uuid PRIMARY KEY,
    received_on date NOT NULL
);
CREATE INDEX scan_receipt_received_on ON scan_receipt (received_on);

COMMENT ON TABLE scan_journal IS 'How far the files of scans are added to scan_hour';
COMMENT ON COLUMN scan_journal.id IS 'The name of the file, made at random';
COMMENT ON COLUMN scan_journal.position IS 'Bytes from its beginning';
COMMENT ON TABLE scan_receipt IS 'Scans that came from phones later, so that none is counted twice';
COMMENT ON COLUMN scan_receipt.id IS 'Made at random by the phone for this one scan';
