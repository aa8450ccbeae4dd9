"""Who may do what on the staff pages: accounts, passwords, the matrix of roles, and how often somebody may try.

No pages: those are dashboards.people. A new route has its row in `roles`, without which nobody gets in.
"""
