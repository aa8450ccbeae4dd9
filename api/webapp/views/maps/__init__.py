"""The map page, and the document from which its script draws.

Everything that the script shows is in the document: a new layer is a part of it first. Drawing for pages without a
script is api.drawing.
"""
