"""Records of care rounds: what is to be done on the next walk, and what somebody did at a station.

Nothing here decides what is to be done: that is geodata.conditions.care. A new field needs its column, and a word in
the glossary.
"""
