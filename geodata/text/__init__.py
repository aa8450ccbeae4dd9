"""Text as people and programs write it: broken letters, quotes, decimals, CSV. Pure; no word of the domain.

What knows texts of stations belongs in geodata.content. A new module takes text and gives text, and has property
tests.
"""
