"""Sentences for people that can be said in another language: the template, its translation, lists in a sentence.

Any part may raise one. What a sentence says stands where it is raised. A new sentence needs its entry in
``locale/de.po``: ``python -m tools.messages`` prints it.
"""
