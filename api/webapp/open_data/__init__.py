"""Counts of people as files for everybody: whose they are, what is read for each, and how a long one is sent.

What stands in the files is geodata.export.counting, what is public of it is geodata.figures.publishing. A new file
needs its columns there and a name in `files`.
"""
