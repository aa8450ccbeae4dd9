"""Whether the passes of a year differ from those of another: the change in per cent, its interval, what can be said.

Pure: days in, a judgement out. `comparison` is the way in and chooses the method: `yearly_model` (a regression that
takes weather, weekday and holidays into account) or `matched_days`. What may not be compared at all is `coverage`. A
new method has its interval tried over many simulated worlds. Which days are holidays is geodata.statistics.calendars.
"""
