"""MQTT to store: bytes become observations, and are acknowledged after the commit.

No SQL and no pages. A new module has its place in the layers of ``pyproject.toml``; only one thread may touch what it
owns.
"""
