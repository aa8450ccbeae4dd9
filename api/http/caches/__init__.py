"""Answers that are kept in memory: by entity tag, by version, by size, and made once for all who ask at once."""
