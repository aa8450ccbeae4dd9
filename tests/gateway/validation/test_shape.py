"""What is looked up once for readings that are alike ends as what is validated value by value."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbox import Delivery
from gateway.validation.validate import Validator
from gateway.validation.validated_message import NO_DATASTREAM, ValidatedMessage
from geodata.model.observation import by_name
from geodata.store.ingest.registry import RegisteredDevice, Registry
from tests.gateway.messages import TIME, delivery, registry

NAMES = ("air_temperature", "rain", "battery_voltage", "snr", "precipitation", "nonsense")


def known(*series: str) -> Registry:
    made = registry()
    streams = {name: number for number, name in enumerate(series, 10)}
    called = {**made.properties, "rain": replace(made.properties["rain"], aliases=("precipitation",))}
    return Registry({"climate-01": RegisteredDevice("climate-01", "stadtwald", streams)}, by_name(called.values()))


def told(validated: ValidatedMessage) -> tuple[object, ...]:
    rows = validated.rows
    columns = (rows.datastreams, rows.times_us, rows.results, rows.qualities, rows.flags, rows.properties)
    origins = [(one.device, one.boot, one.seq) for one in rows.origins]
    whole = (
        validated.trail,
        validated.device,
        validated.boot,
        validated.seqs,
        validated.unknown,
        validated.unnamed,
        validated.received,
    )
    return columns, origins, whole, [one.reason for one in validated.source.refusals]


def message(seq: int, values: dict[str, float | None]) -> Delivery:
    return delivery({"boot": "b", "seq": seq, "time": TIME, "values": values})


_VALUES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0.0, 7.4, 2, -400, 1.5e308, None]), max_size=4)


@given(st.lists(_VALUES, max_size=6), st.sets(st.sampled_from(NAMES[:4])))
def test_a_reading_is_judged_the_same_whether_or_not_another_like_it_came_before(
    readings: list[dict[str, float | None]], series: set[str]
):
    there, one = known(*sorted(series)), Validator()
    for seq, values in enumerate(readings * 2):
        validated = one.validate(message(seq, values), there)
        thorough = delivery({"boot": "b", "seq": seq, "time": TIME, "values": values, "oldest": 0})
        assert told(validated) == told(Validator().validate(thorough, there))


def test_a_changed_property_or_series_counts_from_the_next_message_on():
    validator, before = Validator(), known("rain")
    assert validator.validate(message(1, {"rain": 2}), before).rows.qualities == [0]
    narrow = {**before.properties, "rain": replace(before.properties["rain"], maximum=1)}
    assert validator.validate(message(2, {"rain": 2}), Registry(before.devices, narrow)).rows.qualities == [1]
    moved = Registry({"climate-01": RegisteredDevice("climate-01", "stadtwald", {"rain": 77})}, before.properties)
    assert validator.validate(message(3, {"rain": 2}), moved).rows.datastreams == [77]


@pytest.mark.parametrize("series", [("rain",), ()])
def test_a_property_that_was_renamed_is_stored_under_its_new_name_whichever_a_device_sends(series: tuple[str, ...]):
    validator, there = Validator(), known(*series)
    for seq, name in enumerate(("precipitation", "rain", "precipitation")):
        rows = validator.validate(message(seq, {name: 2}), there).rows
        assert (rows.properties, rows.datastreams) == (["rain"], [10] if series else [NO_DATASTREAM])
    nearly = validator.validate(message(9, {"precipitatio": 2}), there).source.refusals
    assert "did you mean rain?" in nearly[0].detail


def test_messages_that_share_what_was_looked_up_do_not_change_each_other():
    validator, there = Validator(), known("rain")
    first = validator.validate(message(1, {"rain": 2}), there)
    several = [{"seq": seq, "time": TIME, "values": {"rain": seq}} for seq in range(2, 5)]
    both = validator.validate(delivery({"boot": "b", "readings": several}), there)
    assert (first.rows.results, len(both.rows)) == ([2.0], 3)
    assert (first.rows.datastreams, first.rows.properties) == ([10], ["rain"])


def test_so_many_shapes_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gateway.validation.shape._MOST", 3)
    validator, there = Validator(), known(*NAMES[:4])
    for seq in range(40):
        names = [name for bit, name in enumerate(NAMES[:4]) if seq >> bit & 1]
        validator.validate(message(seq, dict.fromkeys(names, 1.0)), there)
        assert len(validator._shapes._known) <= 3
