"""How fast, how small and how lossless it is, against references that do the same work in the same run."""
