"""Trails as packs that a phone takes along: which pages and files, their bytes and hashes, and when which page holds.

Nothing here is served: that is routes.offline. What runs on the phone is in webapp/scripts. A new page of a trail goes
into ``pages``; the files that pages refer to are found by themselves.
"""
