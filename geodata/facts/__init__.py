"""Facts of trails as people write them: places beside a trail and stretches of it, read, judged and written back.

Pure: text and records in, records and findings out. Files for GIS are geodata.trailfiles, what is stored is
geodata.store.catalogue.facts. A new kind of place is a word in `words`, and in the check of its column.
"""
