"""Pages about notices: what the way is like by the sensors, what people say against them, and the rules behind it.

The rules are geodata.conditions.notices and geodata.actions.edit_notice, which the command line uses too.
"""
