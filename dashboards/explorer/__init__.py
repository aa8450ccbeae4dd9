"""The usage explorer of the staff pages: any days of a place, drawn, as a table, as CSV, by hours of the week.

Addresses are `pages`; sums are geodata.statistics.usage. Whatever is shown of a point comes from one row of `rows`, so
that chart, table and file cannot differ. Nothing here is withheld, so nothing of it is served without a login.
"""
