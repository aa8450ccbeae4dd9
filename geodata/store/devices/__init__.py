"""SQL of devices: registration, passwords, moves, what each last said of itself.

Their measured values are ``ingest`` and ``series``. What changes rights at the broker notifies its channel.
"""
