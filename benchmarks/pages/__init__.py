"""Hikers' pages in a real browser: bytes, requests and seconds, over a line as slow as the forest's.

What the pages say is tested in ``tests``. A new page is a line of ``_PAGES``, a new figure of a visit a field of
``Visit``.
"""
