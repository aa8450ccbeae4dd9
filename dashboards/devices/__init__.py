"""Pages about devices, and about what they sent that could not be kept.

How a device is in words is dashboards.conditions. A new page is a router here, a template, and a row of
dashboards.access.roles.
"""
