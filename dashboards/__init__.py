"""Everything for city staff, behind a login.

No SQL. A new page needs its entry in dashboards.access.roles: without it nobody gets in.
"""
