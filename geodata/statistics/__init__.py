"""Figures about how many walk here, as anybody may read them: sums with their coverage, small ones suppressed.

Pure: buckets and a time in, figures out. Every public figure goes through `suppression`; a new one says what it counts,
and how much of its time was counted.
"""
