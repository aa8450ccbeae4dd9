"""An import in two steps, for long-running services: planned apart in a process with bounds, carried out as planned.

Only ``child`` imports the readers of trail files, and only the process that ``apart`` starts imports ``child``.
"""
