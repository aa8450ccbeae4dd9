"""What is known of how much of the truth each counter sees, from all sessions of its mounting period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geodata.model.counting.count_session import CountSession
from geodata.model.counting.counter import Direction
from geodata.statistics.calibration.factor import Calibration, ComparedCount, Factor, calibrated
from geodata.statistics.calibration.flow import FlowClass, flow_classes, is_non_linear
from geodata.store.counting import sessions
from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterCalibration:
    """The factor of a counter in one mounting period and ``direction``.

    ``is_non_linear``: it loses more where many go at once; then ``classes`` hold factors by flow, where enough sessions
    tell them.
    """

    direction: Direction
    calibration: Calibration
    is_non_linear: bool
    classes: Sequence[FlowClass] = ()

    def factor_at(self, passes_in_slice: float) -> Factor | None:
        """The factor where so many passes were counted in a quarter of an hour."""
        for flow in self.classes:
            if flow.has(passes_in_slice):
                return flow.calibration.factor
        return self.calibration.factor


def of_mounting(connection: Transaction, mounting: int) -> Mapping[Direction, CounterCalibration]:
    """The calibrations of a mounting period: each direction by itself, both from sessions that counted all.

    Sessions whose comparison is not known yet are left out. What moved, replaced or set the counter otherwise ended the
    period: what was learnt before is not among it.
    """
    found = sessions.of_mounting(connection, mounting)
    return {direction: _calibration(found, direction) for direction in Direction}


def _calibration(found: Sequence[CountSession], direction: Direction) -> CounterCalibration:
    compared = [count for session in found if (count := _count(session, direction)) is not None]
    slices = [_slices(session, direction) for session in found]
    bends = is_non_linear([each for session in slices for each in session])
    classes = flow_classes(slices) if bends else ()
    return CounterCalibration(
        direction=direction, calibration=calibrated(compared), is_non_linear=bends, classes=classes
    )


def _count(session: CountSession, direction: Direction) -> ComparedCount | None:
    """The session in one direction; both are their own tally, or the sum of the two."""
    tallies = {each.direction: each for each in session.tallies}
    wanted = [direction] if direction in tallies else _parts(direction)
    if any(each not in tallies for each in wanted):
        return None
    counted = [tallies[each].counted for each in wanted]
    known = [passes for passes in counted if passes is not None]
    return ComparedCount(sum(tallies[each].seen for each in wanted), sum(known)) if len(known) == len(wanted) else None


def _slices(session: CountSession, direction: Direction) -> list[ComparedCount]:
    wanted = {direction} if any(each.direction is direction for each in session.tallies) else set(_parts(direction))
    by_time: dict[object, list[ComparedCount]] = {}
    for each in session.slices:
        if each.direction in wanted and each.counted is not None:
            by_time.setdefault(each.starts_at, []).append(ComparedCount(each.seen, each.counted))
    whole = (parts for parts in by_time.values() if len(parts) == len(wanted))
    return [ComparedCount(sum(one.seen for one in parts), sum(one.counted for one in parts)) for parts in whole]


def _parts(direction: Direction) -> list[Direction]:
    return [Direction.IN, Direction.OUT] if direction is Direction.BOTH else [direction]
