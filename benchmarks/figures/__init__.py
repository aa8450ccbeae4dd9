"""Figures of passes and scans: how fast years are read and closed, and what counting costs messages and page requests.

What the figures say is tested in ``tests``. A new figure is a row of one of the modules here, which `subject` joins.
"""
