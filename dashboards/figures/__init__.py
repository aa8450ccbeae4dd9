"""The staff's page of figures: what passed and was scanned on a trail, in words, bars and tables.

Addresses are `pages`; sums are geodata.statistics. What citizens may see is api.v1.statistics: nothing
here is withheld, so nothing of it is served without a login.
"""
