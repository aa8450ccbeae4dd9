"""Trail files as people really have them: small writers that vary how a file is written and know what stands in it."""
