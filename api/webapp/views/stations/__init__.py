"""A station's page, and the parts of it that are views of their own.

Parts are media, values of now and of a week, the ways on, where one is and whom to call. Each is a frozen dataclass
and a function that builds it; its template is of the same name in `templates/parts`.
"""
