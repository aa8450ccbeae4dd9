"""What the running services of this system say of themselves: which answers at a port, and which checks fail.

Only asks; what follows is decided by doctor and up.
"""
