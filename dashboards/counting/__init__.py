"""Counting by hand on the staff pages: the fields that come in, and counters, factors and sessions in words.

Addresses are `pages`; whether a session can be is geodata.figures. A new field is read in `form` and
shown by `words`.
"""
