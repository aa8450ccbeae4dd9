"""How processes log: form, levels, sums of what repeats, files that stay bounded.

What is logged is decided where it happens, as an event in kebab-case with fields.
"""
