"""Records of the domain as the properties that the interface shows of them.

Shapes for the OpenAPI document are ``schemas``. A new property is in both; a test compares them.
"""
