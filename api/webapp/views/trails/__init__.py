"""The start page, a trail's page and its sheet to print; with facts in words.

Facts are places beside the trail, stretches of it, the time to walk it, and how many walked here lately. What is not
known is said so, never guessed. A new fact is a frozen dataclass here and its part in a template.
"""
