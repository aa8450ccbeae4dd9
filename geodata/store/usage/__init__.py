"""SQL of how places were used: days and hours of their counters and scans as columns, many years at once.

What is made of them is geodata.statistics.usage. Only sums of hours and days are read here, no raw row.
"""
