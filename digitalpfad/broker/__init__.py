"""What commands ask of the broker: sessions that it keeps, logins that count, names that services have.

The connection itself is gateway.mqtt; starting a broker is digitalpfad.embedded.
"""
