"""The start page: how many, compared with last year, which stations, what is broken.

How devices are in words is dashboards.conditions. What a subject has to say here, its own package computes.
"""
