"""The catalogue and the latest values in memory: an immutable snapshot, its indexes, and what keeps it fresh.

No HTTP and no wording. A new index is built with the snapshot and rebuilt only when its rows change.
"""
