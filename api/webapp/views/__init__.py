"""What the templates get: one frozen dataclass per page, built from the snapshot without any HTTP.

What is written on pages is in the templates and in api.webapp.values. A new page is a module here, tested by its
dataclass.
"""
