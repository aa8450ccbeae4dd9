"""What kind of day a day is in a Land: public holidays, bridge days and school holidays.

Pure: a date and a Land in, a kind of day out. Public holidays are computed by the package `holidays`; school holidays
stand in `school_holidays.csv`, a row each with its source and the day on which it was looked up. What is not in there
is not known, and never taken for school days.
"""
