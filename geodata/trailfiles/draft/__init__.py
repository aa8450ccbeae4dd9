"""What the features of a file mean: line, stations, numbers, heights. A draft knows nothing of what is stored.

Reading bytes is ``formats``, comparing with the database is ``plan``. A new rule of meaning is told as a finding.
"""
