"""What an action refuses, as a sentence in the reader's language."""

from __future__ import annotations

from dashboards.languages import t
from geodata.errors import DigitalpfadError
from geodata.messages.translation import translated


def refusal(error: DigitalpfadError) -> str:
    """The sentence of the error."""
    return translated(error.sentence, t.language)
