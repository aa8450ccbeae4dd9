"""Pages on which stations are added, moved, renumbered, retired and restored, each with what it means for its sign.

The rules are geodata.actions.edit_station, which the command line uses too.
"""
