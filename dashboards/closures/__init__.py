"""Pages that close a trail or a part of it and open it again: by people without a map program, also in the forest.

The rules are geodata.conditions.closures and geodata.actions.edit_closure, which the command line uses too.
"""
