"""All SQL: the database, its migrations, its roles, and one module of functions per table or two.

Functions take an open connection first and decide nothing that a rule of the domain decides. A new table needs its
migration, its grants in ``roles`` and its module in one of the packages.
"""
