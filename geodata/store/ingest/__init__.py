"""SQL of the write path: a flush in one transaction, observations, gaps, boots, quarantine and its replay.

Reading for people is ``series``. Everything here runs in the gateway's transaction: what is acknowledged is in the
database.
"""
