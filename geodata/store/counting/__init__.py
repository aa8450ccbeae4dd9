"""SQL of counters: where they hang, what passed them by hour and day, and who counted beside them by hand.

What passes are is geodata.statistics.counting, when they are counted is geodata.figures. A new table that follows from
others says from which, and is made anew by `digitalpfad figures rebuild`.
"""
