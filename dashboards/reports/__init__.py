"""Pages about the problems that hikers tell of: those that wait, and each with its answer.

Receiving them is api.webapp.reporting. A new page is a router here, a template, and a row of dashboards.access.roles.
"""
