"""XML as people's tools write it, for GPX and KML: decoded, mended where it is plain how, and read within bounds.

What elements mean is their format's business. A new fault that is mended has one reading only, and is told.
"""
