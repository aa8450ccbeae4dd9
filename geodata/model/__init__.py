"""Frozen records of what the database holds, named as in docs/glossary.md; standard properties and operator lines.

Nothing here reads, writes or renders. A new field also needs its column, its place in the bundle, and a word in the
glossary.
"""
