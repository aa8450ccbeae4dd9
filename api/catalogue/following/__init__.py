"""How memory follows the database: the current snapshot, the latest values, and the thread that renews both.

Nothing here answers a request: that is the keeper's. A new thing to read anew gets its channel in
``follower`` and its reading in ``reader``.
"""
