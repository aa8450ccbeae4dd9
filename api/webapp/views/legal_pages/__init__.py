"""Privacy, imprint and accessibility, as the municipality and what was measured say them.

The texts are templates in `templates/legal`, a file per language. A claim that is new there needs its test or its fact
from the code: tests/api/webapp/views/legal_pages/test_privacy_claims.py.
"""
