"""The public interface, version 1: its paths, parameters, and answers.

Published names never change their meaning. A new path needs its schema, its example in the OpenAPI document, and its
limits.
"""
