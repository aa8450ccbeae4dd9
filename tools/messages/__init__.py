"""Sentences for people in the code beside the catalogue of their translations.

``source`` finds what the code says, ``catalogue`` holds it against ``geodata/messages/locale/de.po``, and
``python -m tools.messages`` prints the entries that are missing, to be filled in.
"""
