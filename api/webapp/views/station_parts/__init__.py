"""Parts of a station's page that are views of their own: the ways on, a week of values, where one is and whom to call.

Each is a frozen dataclass and a function that builds it; its template is of the same name in `templates/parts`.
"""
