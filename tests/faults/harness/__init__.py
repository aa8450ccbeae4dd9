"""What the faults are made with: processes to be broken, devices that keep a ledger, and what watches and reports.

Tests stand in the folder above; here is no test and no fixture.
"""
