"""Parts of a station's page that are views of their own, and small pages that lead to one.

The ways on, where one is and whom to call, a week of values; the choice of a station, help for a trail. Each is a
frozen dataclass and a function that builds it.
"""
