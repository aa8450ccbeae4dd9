"""All SQL: one file per entity, every function takes an open connection."""
