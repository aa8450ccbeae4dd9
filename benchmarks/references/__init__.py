"""What figures are compared with: minimal programs that do the same work, run as separate processes.

Nothing here is ours to tune: a reference is the fewest lines that do the same.
"""
