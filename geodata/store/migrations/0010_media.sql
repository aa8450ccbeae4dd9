-- Pictures, recordings and films, cleaned and in the sizes in which they are served: a backup carries them, and every
-- web process has them. What a content shows, and how, stands with the content.

CREATE TABLE media (
    id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),  -- half of the SHA-256 of the file as it came
    kind text NOT NULL CHECK (kind IN ('picture', 'audio', 'sign_video')),
    seconds double precision CHECK (seconds > 0),  -- how long it plays
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE media_rendition (
    media text NOT NULL REFERENCES media ON DELETE CASCADE,
    name text NOT NULL,  -- the last part of its address: 960.avif, audio.mp3
    content_type text NOT NULL,
    width integer,
    height integer,
    size integer NOT NULL CHECK (size = octet_length(data)),
    data bytea NOT NULL,
    PRIMARY KEY (media, name)
);
-- The formats are compressed already; uncompressed, a piece of a film is read without the rest of it.
ALTER TABLE media_rendition ALTER COLUMN data SET STORAGE EXTERNAL;

ALTER TABLE station_content ADD COLUMN media jsonb NOT NULL DEFAULT '{}';  -- pictures, audio, sign_video
