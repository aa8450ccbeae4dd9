"""Counts of people as open data: a file each of sites, channels, measures, and of how sure each measure is.

Pure: published figures in, CSV out; what may be published is decided before. The first three files follow the French
national schema of mobility counts, which portals validate already. A new column stands in `columns`, from which the
files and their Table Schemas are both made, and in the strict rules of `rules`.
"""
