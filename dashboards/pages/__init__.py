"""The staff pages, one module per subject.

What several pages share stands above in ``dashboards``. A new page is a router here, a template, and a row of
dashboards.roles.
"""
