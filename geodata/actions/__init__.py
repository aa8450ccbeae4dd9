"""Use cases of the domain: read, check, plan and write in one transaction, for the command line and the staff pages.

No words for terminals and no HTTP. A new action takes a database and plain values, and returns what it did.
"""
