"""How fast, how small and how lossless it is, against references that do the same work in the same run.

Tests of behaviour are in ``tests``. A new figure names its unit and the reference that it is compared with.
"""
