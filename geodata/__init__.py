"""The domain and the database of trails: what every other part may import, and which imports none of them."""
