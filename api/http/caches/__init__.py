"""Answers that are kept in memory: by entity tag, by version, by size, and made once for all who ask at once.

What is kept on phones and by proxies is said by headers instead: api.http.headers and api.http.page_headers.
"""
