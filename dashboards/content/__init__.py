"""Texts on the staff pages: what is there and what is missing, writing, publishing, versions, pictures.

What may be published is geodata.content.checks, saving is geodata.actions.edit_content, how a text looks to hikers is
api.webapp. A new field of a text has its place in `fields`, `form` and the editor's template.
"""
