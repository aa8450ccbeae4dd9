"""The hikers' mobile web app: pages that are complete without JavaScript.

The JSON interface is api.v1. A new page is a view with its frozen dataclass, a template, and its words in every
language.
"""
