"""SQL of what hikers see: municipalities, trails, stations, texts, media, closures, notices.

What devices send is ``ingest``; reading series is ``series``. A new table is read by ``catalogue`` if pages need it.
"""
