"""Commands for whoever runs the system: up, services, database, settings, backup, broker.

A new command is a module here and a row in digitalpfad.cli.
"""
