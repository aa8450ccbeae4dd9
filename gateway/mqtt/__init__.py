"""The connection to the broker: client, session, TLS, sessions of before. The only user of paho in the server.

What a message means is gateway.decoding. A new packet or property of MQTT is tested with bytes and against both
brokers.
"""
