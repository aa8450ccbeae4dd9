"""How devices and trails are right now, in the words and shapes that all staff pages share.

Pure: from the catalogue, the latest values and the devices' states. The judgement is geodata.conditions.
"""
