"""Statistics of passes and scans: how they are asked for, and how they are written as JSON and CSV.

Only closed periods of geodata.figures.publishing are answered; nothing here counts. A new measure needs its column,
its field in `schemas.visits`, and its place in the suppression.
"""
