"""Facts of a trail in words: places beside it, stretches of it, time to walk it, how many walked here lately.

What is not known is said so, never guessed. A new fact is a frozen dataclass here and its part in a template.
"""
