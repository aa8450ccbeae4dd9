"""From the inbox to the committed transaction: batches, datastreams, refusals, replay.

Neither MQTT nor SQL: both come as arguments. A new step keeps the order of receipt and the acknowledgement after the
commit.
"""
