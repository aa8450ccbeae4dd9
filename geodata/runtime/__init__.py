"""What a process needs that runs for months: threads that continue after a fault, a steady clock, faults told in sums.

Nothing here knows trails or the database. A new module takes its clock and its event to stop as arguments.
"""
