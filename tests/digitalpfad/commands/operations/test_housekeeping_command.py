"""`digitalpfad housekeeping`: what it says of its steps."""

from __future__ import annotations

from digitalpfad.commands.operations.housekeeping import _DID
from geodata.store.operations import retention


def test_every_step_of_housekeeping_has_words_for_what_it_did() -> None:
    assert {step.name for step in retention.steps(retention.Retention())} == _DID.keys()
