"""The world that is measured: weather, ground and people. Pure functions of seed and time.

Nothing of it knows devices or messages. A new quantity is a function here, a sensor in
``firmware_sim.devices.sensors`` and a name in ``fleet.json``.
"""
