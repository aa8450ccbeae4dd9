"""How commands speak on a terminal: tables, language, local times, states of devices.

The sentences of one command stand in its module.
"""
