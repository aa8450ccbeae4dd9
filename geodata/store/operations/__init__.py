"""SQL for whoever runs the system: backup, restore, retention, inspection.

What doctor says of it is digitalpfad.doctor. A new table is in the backup by itself; a new retention is a setting.
"""
