"""Pages about the trails themselves: which there are, their map and their stations.

A new page is a router here, a template, and a row of dashboards.access.roles.
"""
