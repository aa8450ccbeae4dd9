"""The hikers' mobile web app: pages that are complete without JavaScript."""
