"""The world that is measured: weather, ground, people, and what sensors make of them. Pure functions of seed and time.

Nothing of it knows devices or messages. A new quantity is a function here and a name in ``fleet.json``.
"""
