"""SQL that reads what was measured: raw, by hour, by day, the latest, how complete, and where it stood then.

Read only. A new figure uses the aggregates of ``ingest`` and says its unit and its gaps.
"""
