"""One reader per file format: from bytes to layers of features, with what was guessed and refused on the way.

What the features mean is decided in ``draft``. A new format needs its reader, its row in ``opening``, and a writer of
odd files in the tests.
"""
