"""Use cases of usage: read how a place was used in any stretch of days, for whoever looks after it; unsuppressed.

Sums are geodata.statistics.usage, SQL is geodata.store.usage. Nothing of it is fit for the public.
"""
