"""What comes in by forms: whether a page of ours sent it, and a file with it read within bounds.

What the fields mean is the pages' business. A new bound has a line in docs/reports.md or docs/controls.md.
"""
