"""The map page, and the document from which its script draws."""
