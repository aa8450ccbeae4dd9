"""Counting page requests of stations so that none that was answered is lost, and nothing else about them.

How a request is judged is `entries`, what outlives a process that is killed is `journal`. SQL is geodata.store.access.
"""
