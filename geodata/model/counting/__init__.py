"""Records of what is counted: counters with their passes, and the figures that are published of them.

Nothing here counts or decides: rules are geodata.statistics. A new field needs its column, and a word in the glossary.
"""
