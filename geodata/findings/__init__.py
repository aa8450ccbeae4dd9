"""What checks find in files and texts: a stable reason, the place, the value, what was expected.

One record for all: ``finding.Finding``; what is done with it is in the same package. How it is worded for a terminal
or a page stands at that edge. A new sentence needs its German in ``geodata/messages/locale/de.po``.
"""
