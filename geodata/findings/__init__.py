"""What checks find in files and texts: a stable reason, the place, the value, what was expected.

How a finding is worded for a terminal or a page stands at that edge. A new reason needs its German sentence in
``locale/de.po``.
"""
