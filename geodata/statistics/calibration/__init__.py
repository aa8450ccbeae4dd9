"""How much of the truth a counter sees: people counted by hand beside it, the factor that follows, and how sure it is.

Pure: what was seen and what was counted in, factors with intervals out. What it has counted is read elsewhere, and no
raw count is ever changed by a factor: a calibrated figure is another figure. A new interval says under which model it
holds, with its source, and a simulation in the tests shows how often it covers the truth.
"""
