"""Use cases of figures: read what was counted, compute by the rules, write it down; for commands and for services.

The rules are geodata.statistics, all SQL is geodata.store. Passes can be made from what they follow from again, and are
then the same; what is published when a time closes is not. Linear programming is `checking`, which only commands load.
"""
