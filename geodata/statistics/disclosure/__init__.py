"""Which figures of a trail may be public, decided once when a time closes, so that no small one can be worked out.

Pure: counts and what was decided before in, what is shown out. Why it is safe stands in `rows` and `pool`; `checker`
tries to break it by linear programming, for tests and operators only. No dates and no SQL: those are geodata.figures.
"""
