"""The month and year report for the council, as a PDF that screen readers can read: one page, the details behind.

What it says is `facts`, in words; how it looks is `report.typ`; typst runs apart. Addresses are `pages`. Its sums are
geodata.figures.usage, the same that the explorer shows.
"""
