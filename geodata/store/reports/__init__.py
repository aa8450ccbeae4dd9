"""SQL of the problems that people tell of, from coming in to being closed.

Who may change what is dashboards.access.roles; how often a network may write is api.limits. What is new to keep of a
report needs a line of the privacy pages.
"""
