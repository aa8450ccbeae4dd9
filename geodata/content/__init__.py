"""Texts of trails and stations as Markdown folders: read, planned, checked, versioned, written back.

What is stored is geodata.store.catalogue; which text is shown to a hiker is api.catalogue. A new field of a text's
head needs its check and its round trip.
"""
