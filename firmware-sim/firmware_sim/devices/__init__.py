"""A device: what its sensors show, what it remembers and sends, and its connection. The only user of paho here.

The wire contract is written a second time in ``protocol``, on purpose: the simulator shares no code with the server.
"""
