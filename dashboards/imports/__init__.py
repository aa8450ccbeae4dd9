"""Pages that take a trail from a file: given, planned apart, looked at on a map, and then carried out as it was shown.

Reading is geodata.actions.planned.apart, writing geodata.actions.planned.carry_out.
"""
