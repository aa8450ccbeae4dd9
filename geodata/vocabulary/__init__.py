"""Small closed sets of words with rules: station codes, seasons, names of devices, the audit log's terms.

No records and no I/O. A new vocabulary says in its docstring who prints or stores its words: those never change.
"""
