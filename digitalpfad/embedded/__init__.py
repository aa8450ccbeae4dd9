"""PostgreSQL and an MQTT broker started by us, for a trail without a database server of its own.

What our own services need is digitalpfad.process. A new program is stopped with its children, which tests
prove by killing ours.
"""
