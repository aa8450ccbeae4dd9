"""Faults with real processes: what happens, how long until all is well again, and what must hold in any case."""
