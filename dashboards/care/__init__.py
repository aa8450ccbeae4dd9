"""The care round: what to do on the next walk, ticked off at the signs, also where there is no network.

Which work there is and in which order is geodata.conditions.care, what a tick changes is geodata.actions.care_visit.
The page and its scripts have to fit one bar of EDGE: 60 KB, which a test holds.
"""
