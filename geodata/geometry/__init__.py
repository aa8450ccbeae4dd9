"""Lines and points on the ellipsoid, in metres: places along a line, relief, the frame of a small map.

No files and no formats: those are geodata.trailfiles. A new function says its units, and is tested against
pyproj.Geod.
"""
