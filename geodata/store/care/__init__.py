"""SQL of care rounds: tasks that staff wrote down, and visits with what was done on them.

What a tick changes elsewhere is geodata.actions.care_visit. A new kind of work is a member of geodata.model.care, a
value that the column's check takes, and a rule of geodata.conditions.care.
"""
