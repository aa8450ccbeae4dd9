"""Notices that hold now, from the catalogue and the latest values, and the record of what people were told.

The rules are geodata.conditions.
"""
