"""PDFs set by typst in our own fonts: what may be in a text, and typst in a process of its own.

typst is an extra, and large: no service loads it. What is set, and its template, belongs to whoever wants it.
"""
