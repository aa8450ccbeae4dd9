"""SQL of who did what and may do what: staff, their sessions, the audit log, counts of scans.

Rules of passwords are dashboards. A new event of the audit log is a word in geodata.vocabulary.audit.
"""
