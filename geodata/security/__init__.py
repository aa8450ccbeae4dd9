"""What holds against input and guests: generated secrets, addresses with passwords in them, networks, bounds on files.

The rights of people and services are in geodata.store.access and dashboards.access.roles. A new bound has a line in
docs/controls.md.
"""
