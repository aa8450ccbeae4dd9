"""PostgreSQL and an MQTT broker started by us, for a trail without its own database server.

What our own services need is digitalpfad.process. A new program is stopped with its children, which tests
prove by killing ours.
"""
