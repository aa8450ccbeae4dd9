"""What waits in quarantine, read once more: by a command with the owner's rights, or as staff ask the gateway to.

The rules are those of deliveries (gateway.pipeline.replay); what became of each is written by
geodata.store.ingest.replay.
"""
