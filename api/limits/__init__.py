"""Bounds on what one visitor may take: connections, request sizes, places of listeners, expensive reads.

Bounds on signing in are dashboards.access.throttle. A new bound counts its refusals, has a line in docs/controls.md and
a setting.
"""
