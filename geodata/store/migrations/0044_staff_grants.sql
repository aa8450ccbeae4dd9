-- What somebody with a login may do holds in one municipality, or in all that this installation serves.

CREATE TABLE staff_grant (
    staff integer NOT NULL REFERENCES staff ON DELETE CASCADE,
    municipality text REFERENCES municipality ON DELETE CASCADE,  -- NULL: in all
    role text NOT NULL CHECK (role IN ('viewer', 'editor', 'ranger', 'admin'))
);
CREATE UNIQUE INDEX staff_grant_once ON staff_grant (staff, coalesce(municipality, ''));

COMMENT ON TABLE staff_grant IS 'Which role somebody has in which municipality';
COMMENT ON COLUMN staff_grant.municipality IS 'NULL: in all, and for the installation itself';

INSERT INTO staff_grant (staff, municipality, role) SELECT id, NULL, role FROM staff;
ALTER TABLE staff DROP COLUMN role;
