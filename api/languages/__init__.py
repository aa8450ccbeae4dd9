"""What the public faces say by themselves, in each language: ``locale/*.po`` by the German text in the code.

No pages and no data. A new language is a row of ``geodata.vocabulary.languages`` and its file here; a new text stands
in the code and in ``locale/en.po``, which a test holds.
"""
