"""What the doctor says of a trail that lacks facts."""

from __future__ import annotations

from dataclasses import replace

from digitalpfad.doctor import trail_facts
from geodata.bundle.folder import bundled

DEMO = bundled()


def test_a_missing_direction_comes_with_the_command_that_says_it() -> None:
    places, sections = {"stadtwald": DEMO.places}, {"stadtwald": DEMO.sections}
    said = trail_facts.judge([replace(DEMO.trail, direction=None)], DEMO.stations, places, sections)
    lacks, hint = said.found.split(" (", maxsplit=1)
    assert lacks == "warning: stadtwald has no direction of the signs"
    assert hint == "'digitalpfad trail direction stadtwald DIRECTION' says which way they lead.)"
    assert trail_facts.judge([DEMO.trail], DEMO.stations, places, sections).found == "nothing is missing"
