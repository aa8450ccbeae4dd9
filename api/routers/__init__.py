"""The paths of the interface, one module per concept."""
