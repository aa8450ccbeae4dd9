"""Hikers' pages in a real browser: bytes, requests and seconds, over a line as slow as the forest's."""
