"""Commands on staff and the audit log.

A new command is a module here and a row in digitalpfad.cli.
"""
