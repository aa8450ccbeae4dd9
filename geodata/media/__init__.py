"""From a file as somebody gave it to what is served: checked, cleaned, in ready sizes. The only user of Pillow.

Where media are kept is geodata.store.catalogue. A new kind of file needs a reader that refuses what it does not know,
and hostile samples.
"""
