"""The domain and the database of trails: what every other part may import, and which imports none of them.

No HTTP, no MQTT, no HTML. A new module belongs into one of the packages: a stray file here fails `make check`.
"""
