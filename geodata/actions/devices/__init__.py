"""Use cases of devices: registered, edited, moved, replaced, cared for, and hung up as counters.

As in geodata.actions: a database and plain values in, what was done out; for the command line and the staff pages.
"""
