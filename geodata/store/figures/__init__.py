"""SQL of published figures: what was counted in a day, what is shown of it, and which times are closed.

Which figure may be shown is geodata.statistics.disclosure; when a time closes is geodata.figures. Pages read `reading`.
"""
