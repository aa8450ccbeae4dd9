"""Print-ready signs: plates, sheets for the workshop, lists for NFC tags and the test walk."""
