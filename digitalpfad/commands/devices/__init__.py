"""Commands on devices and on what they sent that could not be kept.

A new command is a module here and a row in digitalpfad.cli.
"""
