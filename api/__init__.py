"""Everything public: the JSON, GeoJSON and CSV interface and the hikers' web app.

No SQL and nothing for staff. A new module has its place in the layers of ``pyproject.toml``: a package, hardly ever the
root.
"""
