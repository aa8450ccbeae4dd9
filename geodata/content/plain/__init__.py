"""Texts in plain language: who wrote and who checked them, and hints while they are written.

``checked`` ties a check to the words that were read, ``fields`` reads and writes it in a text's head, ``hints`` looks
for what mostly makes a sentence hard. No database, no pages.
"""
