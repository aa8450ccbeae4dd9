"""Settings: all of them in one class, their words, and where their values come from.

No other module reads the environment. A new setting is a field with its sentence; docs/settings.md is made from it.
"""
