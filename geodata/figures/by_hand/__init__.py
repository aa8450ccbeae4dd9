"""People counted by hand beside a counter: sessions kept, compared with the counter, and made into factors.

The rules are geodata.statistics.calibration. No raw count is ever changed by a factor: a calibrated figure is another
one.
"""
