"""Commands on closures and notices.

A new command is a module here and a row in digitalpfad.cli.
"""
