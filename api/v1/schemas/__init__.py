"""The shapes of all answers, for the OpenAPI document; tests hold every real answer against them.

Nothing is computed here.
"""
