"""The weather of days: read from a file of the Deutscher Wetterdienst, and whether that or the trail's sensors count.

Files and records in, days out. `dwd_file` knows one format; another one is a module that gives the same records. Where
the days are kept is geodata.store.comparison.
"""
