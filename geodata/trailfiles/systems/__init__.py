"""Coordinate reference systems and heights: which one a file has, and the way to WGS 84 and metres above the sea.

A new system is a row in ``known_systems`` with its source; its test compares with values computed elsewhere.
"""
