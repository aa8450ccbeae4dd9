"""Pages about the people with a login: signing in, one's own account, accounts of others, the audit log.

The rules are dashboards.access. A new page is a router here, a template, and a row of dashboards.access.roles.
"""
