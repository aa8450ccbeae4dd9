"""SQL of what came in and waits for somebody to look at it: texts of contributors, trail files before their import.

What is accepted is then written by geodata.store.catalogue.
"""
