-- Mails to staff: who wants which, and those that wait. A mail is written down in the transaction of what it tells of, and
-- sent later: a server that is away for a day loses none, and of one key there is one mail.

CREATE TABLE mail_wish (
    staff integer PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
    address text NOT NULL CHECK (length(address) BETWEEN 3 AND 320 AND address !~ '[[:cntrl:][:space:]]'),
    kinds text[] NOT NULL,
    language text NOT NULL DEFAULT 'de',
    told bytea
);

COMMENT ON TABLE mail_wish IS 'Where somebody with a login reads mails, and which they want';
COMMENT ON COLUMN mail_wish.kinds IS 'digest: what is to be done; month-report: the figures of a month';
COMMENT ON COLUMN mail_wish.told IS 'SHA-256 of what the last digest told: the same is not told again the next day';

CREATE TABLE mail (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    recipient text NOT NULL CHECK (length(recipient) <= 320 AND recipient !~ '[[:cntrl:][:space:]]'),
    subject text NOT NULL CHECK (length(subject) <= 300 AND subject !~ '[[:cntrl:]]'),
    body text NOT NULL CHECK (length(body) <= 100000),
    attachment_name text CHECK (length(attachment_name) <= 200),
    attachment_type text,
    attachment bytea CHECK (octet_length(attachment) <= 10000000),
    created_at timestamptz NOT NULL DEFAULT now(),
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    failure text CHECK (length(failure) <= 500),
    given_up_at timestamptz,
    UNIQUE (key, recipient),
    CHECK ((attachment IS NULL) = (attachment_name IS NULL) AND (attachment IS NULL) = (attachment_type IS NULL))
);
CREATE INDEX mail_waiting ON mail (next_try_at) WHERE sent_at IS NULL AND given_up_at IS NULL;

COMMENT ON TABLE mail IS 'Mails to staff, sent ones for thirty days';
COMMENT ON COLUMN mail.key IS 'What it is about: asked for twice, it is one mail';
COMMENT ON COLUMN mail.next_try_at IS 'While one is being sent, when it is tried again if nothing more is heard of that';
COMMENT ON COLUMN mail.failure IS 'What the server said at the last try';
