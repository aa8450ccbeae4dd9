"""The command that puts the parts together.

No rules of the domain: those are geodata. A new module has its place in the layers of ``pyproject.toml``.
"""
