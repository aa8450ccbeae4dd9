"""The addresses of the hikers' pages, a module per family, each added to one PageRouter.

page_router holds what they share: the snapshot, the clock, the templates and the cache.
"""
