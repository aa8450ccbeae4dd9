"""Print-ready signs: plates, sheets for the workshop, lists for NFC tags and the test walk.

Which codes there are is geodata.vocabulary. What is printed is looked at: a test reads codes and words back from the
pages.
"""
