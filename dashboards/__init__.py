"""Everything for city staff, behind a login."""
