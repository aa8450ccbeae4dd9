"""A trail as a file for phones and GIS: GPX 1.1, GeoPackage, GeoJSON, as bytes; small enough for the web process.

Reading is geodata.trailfiles, which reads each back without loss. A new fact of a trail needs its field in `records`.
"""
