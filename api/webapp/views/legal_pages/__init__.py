"""Privacy, imprint and accessibility, as the municipality and what was measured say them."""
