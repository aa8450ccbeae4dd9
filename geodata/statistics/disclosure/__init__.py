"""Which figures of a trail may be public, decided once when a time closes, so that no small one can be worked out.

Pure: counts and what was decided before in, what is shown out. Why it is safe stands in `rows` and `pool`; `checker`
tries to break it, for tests and operators only: by linear programming (`programs`), or by `rectangles` where these
tell as much. No dates and no SQL: those are geodata.figures.
"""
