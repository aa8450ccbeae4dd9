"""Texts of trails and stations as a folder of Markdown files: read, compared with what is stored, written."""
