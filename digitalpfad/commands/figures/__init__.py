"""Commands on what is counted: counters, counting by hand, figures that are public, comparisons and what they need.

A new command is a module here and a row in digitalpfad.cli.
"""
