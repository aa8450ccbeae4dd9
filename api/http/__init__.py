"""HTTP for every face: ETags, compression, headers, static files, errors, the server itself.

Nothing of it knows trails. A new middleware says what it costs an ordinary request, and stands in its order in
``api.app``.
"""
