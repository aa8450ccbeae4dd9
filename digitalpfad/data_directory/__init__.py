"""The folder that belongs to one running system: its lock, its secrets, its ports.

What is written there is private. A new file there says who writes it and what a backup does with it.
"""
