"""All that the database holds: model, geometry, importers and the store."""
