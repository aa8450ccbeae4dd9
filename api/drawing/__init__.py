"""Numbers and paths of small drawings in SVG: map, height profile, sparkline. Templates draw them.

No HTML and no words. A new drawing is a frozen dataclass that a template can walk through.
"""
