"""From what counters report to passes of hours and days: exact where that is known, and how much of the time it is.

Pure: reports in, counts out; what is read and written is geodata.figures. Factors learnt by counting by hand are
`calibration`, what may be published is `disclosure`. A new rule says what it takes for sure and what it flags.
"""
