"""For whoever runs the server: health, readiness, figures for Prometheus, the contact for weaknesses.

A new figure has a row in docs/operations.md and a panel in deploy/grafana.
"""
