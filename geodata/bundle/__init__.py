"""A trail as a folder of JSON rows and texts: how trails travel between installations, and the demonstration trail.

Files for GIS and phones are geodata.trailfiles. A new row needs the reader, the writer, and its place in
``trails/stadtwald``.
"""
