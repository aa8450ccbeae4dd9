-- Texts that a class or a club hands in without an account: by a link that names the stations it is for, ends by itself,
-- and can be withdrawn. What is handed in waits for an editor and is shown to nobody else.

CREATE TABLE contribution_link (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_sha256 text NOT NULL UNIQUE CHECK (token_sha256 ~ '^[0-9a-f]{64}$'),
    trail text NOT NULL REFERENCES trail ON DELETE CASCADE,
    stations text[] NOT NULL CHECK (cardinality(stations) BETWEEN 1 AND 200),
    variant text NOT NULL CHECK (length(variant) BETWEEN 1 AND 40),
    contributor text NOT NULL CHECK (length(contributor) BETWEEN 1 AND 100),
    licence text NOT NULL CHECK (length(licence) BETWEEN 1 AND 60),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX contribution_link_trail ON contribution_link (trail);

COMMENT ON TABLE contribution_link IS 'Links with which a class or a club hands in texts without an account';
COMMENT ON COLUMN contribution_link.token_sha256 IS 'SHA-256 of what ends the link; the link itself is shown once';
COMMENT ON COLUMN contribution_link.stations IS 'Codes of the stations it is for, and of no others';
COMMENT ON COLUMN contribution_link.variant IS 'The language or voice of the texts, such as children';
COMMENT ON COLUMN contribution_link.contributor IS 'Who writes, as it is named below the text: Klasse 4b';
COMMENT ON COLUMN contribution_link.licence IS 'SPDX id under which pictures are handed in';

CREATE TABLE contribution (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    link bigint NOT NULL REFERENCES contribution_link ON DELETE CASCADE,
    station text NOT NULL REFERENCES station ON DELETE CASCADE,
    title text NOT NULL CHECK (length(title) <= 120),
    lead text NOT NULL CHECK (length(lead) <= 400),
    body text NOT NULL CHECK (length(body) <= 8000),
    picture bytea CHECK (octet_length(picture) BETWEEN 1 AND 2000000),
    picture_alt text NOT NULL DEFAULT '' CHECK (length(picture_alt) <= 500),
    received_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'returned', 'refused')),
    answer text NOT NULL DEFAULT '' CHECK (length(answer) <= 1000),
    decided_by text,
    decided_at timestamptz,
    CHECK ((state = 'waiting') = (decided_at IS NULL))
);
ALTER TABLE contribution ALTER COLUMN picture SET STORAGE EXTERNAL;  -- a JPEG, compressed already
CREATE INDEX contribution_of_link ON contribution (link);

COMMENT ON TABLE contribution IS 'Texts that were handed in by such a link, and what became of them';
COMMENT ON COLUMN contribution.picture IS 'A JPEG, decoded and encoded anew when it came in';
COMMENT ON COLUMN contribution.answer IS 'A sentence for whoever wrote: why it was sent back or refused';
