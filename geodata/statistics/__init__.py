"""Figures about how many walk here: counted, compared, calibrated, and what of them anybody may read.

Pure: counts and a time in, figures out. What may be public is decided in `disclosure`. A new figure says what it
counts, and how much of its time was counted.
"""
