"""A draft compared with what is stored: which stations are new, moved, renamed or gone, and which printed codes stay.

No SQL: geodata.actions writes a plan. A new kind of change needs its line for the terminal and its undo in the tests.
"""
