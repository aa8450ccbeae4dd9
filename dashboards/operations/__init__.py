"""The page for whoever runs the server: what the checks found, backups, disk and versions, in words.

What is looked at and done there is dashboards.operator_tools, given by the process that puts everything together. A new
check of the doctor has its words in `checks`.
"""
