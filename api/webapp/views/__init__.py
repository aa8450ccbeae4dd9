"""What the templates get: one frozen dataclass per page, built from the snapshot without any HTTP."""
