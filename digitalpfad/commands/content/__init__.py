"""The command on texts, and how its answers look.

A new command is a module here and a row in digitalpfad.cli.
"""
