"""Commands on trails, stations, signs, properties and municipalities.

A new command is a module here and a row in digitalpfad.cli.
"""
