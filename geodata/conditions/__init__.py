"""What holds on the ground at a moment: closures, notices from sensors, states of devices, gaps of legal pages.

Pure: records and a time in, a judgement out. A new judgement comes with the sentence that each edge says of it.
"""
