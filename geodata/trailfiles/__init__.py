"""Geodata files that become trails, areas of closures, and trails that become files. The only user of geopandas.

Long-running services load nothing of it. A new format is a reader in ``formats`` and a row in its table of suffixes.
"""
