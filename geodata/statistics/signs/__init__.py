"""Signs that nobody scans any more though people pass: a sequential test of each station against its own past.

Pure: days in, a small state out, which is kept between days. Passes and scans are read elsewhere. What the test finds
and how often it errs is shown by a simulation in the tests; whoever changes a number here runs it.
"""
