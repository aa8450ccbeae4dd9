"""The checks of `doctor`: each looks at one thing, says what it found, and what to do.

A new check is a function in a list; it never changes anything and has a bound on its time.
"""
