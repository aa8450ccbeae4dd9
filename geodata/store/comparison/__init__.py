"""SQL of what years are compared by: days with their passes, the weather, what staff wrote down about days.

What follows from them is geodata.statistics.comparison. How passes are counted is `counting`; a new fact of days has
its table, and a module here.
"""
