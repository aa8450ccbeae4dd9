-- Accounts that need no command line: invitations, second factors, passkeys, and sessions that can be ended one by one.

ALTER TABLE staff ALTER COLUMN argon2 DROP NOT NULL;
COMMENT ON COLUMN staff.argon2 IS
    'argon2id hash of the password; NULL: none, because the person was invited and has not chosen one, or uses a passkey alone';

ALTER TABLE staff_session ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX staff_session_number ON staff_session (number);
COMMENT ON COLUMN staff_session.number IS 'Names the session on a page; opens nothing';

CREATE TABLE staff_token (
    digest bytea PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('invitation', 'second-factor', 'passkey-sign-in', 'passkey-add')),
    staff integer REFERENCES staff ON DELETE CASCADE,
    tries integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX staff_token_staff ON staff_token (staff);
COMMENT ON TABLE staff_token IS 'Secrets that are good once and for a short time: invitations, and the steps of a login';
COMMENT ON COLUMN staff_token.digest IS 'SHA-256 of the secret: the table alone opens nothing';
COMMENT ON COLUMN staff_token.staff IS 'Whose it is; NULL: of somebody who signs in with a passkey and has not said who it is';
COMMENT ON COLUMN staff_token.tries IS 'How often a wrong code was given with it; after a few it is deleted';

CREATE TABLE staff_totp (
    staff integer PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
    secret text NOT NULL,
    confirmed_at timestamptz,
    last_counter bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE staff_totp IS 'Codes of an app as second factor (RFC 6238)';
COMMENT ON COLUMN staff_totp.secret IS 'Base32; a code is worked out of it, so it cannot be a digest';
COMMENT ON COLUMN staff_totp.confirmed_at IS 'NULL: being set up; no login asks for it';
COMMENT ON COLUMN staff_totp.last_counter IS 'The step of time of the last code: neither it nor an earlier one is taken again';

CREATE TABLE staff_recovery_code (
    staff integer NOT NULL REFERENCES staff ON DELETE CASCADE,
    digest bytea NOT NULL,
    PRIMARY KEY (staff, digest)
);
COMMENT ON TABLE staff_recovery_code IS 'Codes on paper for whoever lost the second factor; SHA-256 of 78 random bits, deleted when used';

CREATE TABLE staff_passkey (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff integer NOT NULL REFERENCES staff ON DELETE CASCADE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    credential bytea NOT NULL UNIQUE CHECK (length(credential) <= 1023),
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz
);
CREATE INDEX staff_passkey_staff ON staff_passkey (staff);
COMMENT ON TABLE staff_passkey IS 'Passkeys (WebAuthn): public keys, no secrets';
COMMENT ON COLUMN staff_passkey.credential IS 'What the passkey calls itself';
COMMENT ON COLUMN staff_passkey.sign_count IS 'How often it signed, as it says; a count that does not grow is a copy''s. 0: it does not count';
