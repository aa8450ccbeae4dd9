"""Leader election by a lock that answers, refuses or fails."""

from __future__ import annotations

import time

from gateway.leadership import Leadership, LeadershipRole
from geodata.errors import StoreUnavailable


class ALock:
    """A lock that does as told."""

    def __init__(self) -> None:
        self.answer: bool | StoreUnavailable = True
        self.held = False
        self.asked = 0
        self.answered_at = float("-inf")

    def acquire(self) -> bool:
        self.asked += 1
        self.held = self.answer is True
        if isinstance(self.answer, StoreUnavailable):
            raise self.answer
        self.answered_at = time.monotonic()
        return self.answer


class World:
    """Leadership, and how often it stood by and failed."""

    def __init__(self) -> None:
        self.lock, self.stood_by, self.errors = ALock(), 0, 0
        self.leadership = Leadership(self.lock, self._stand_by, self._fail)

    def _stand_by(self) -> None:
        self.stood_by += 1

    def _fail(self) -> None:
        self.errors += 1


def test_the_lock_makes_active_and_is_not_asked_for_at_every_message():
    world = World()
    assert all(world.leadership.is_leader() for _ in range(100))
    assert (world.leadership.role, world.lock.asked, world.stood_by) == (LeadershipRole.ACTIVE, 1, 0)


def test_a_lock_that_another_has_makes_stand_by_and_is_asked_for_again_later():
    world = World()
    world.lock.answer = False
    assert not any(world.leadership.is_leader() for _ in range(100))
    assert (world.leadership.role, world.lock.asked, world.stood_by) == (LeadershipRole.STANDBY, 1, 1)
    assert 0 < world.leadership.idle_s() <= 1


def test_a_database_away_takes_the_turn_and_keeps_what_waits():
    world = World()
    assert world.leadership.is_leader()
    world.lock.answer, world.lock.held = StoreUnavailable("gone"), False
    assert not world.leadership.is_leader()
    assert (world.leadership.role, world.errors, world.stood_by) == (LeadershipRole.AWAITING_DATABASE, 1, 0)


def test_a_lock_not_confirmed_for_long_is_asked_for_before_the_next_work():
    world = World()
    assert world.leadership.is_leader()
    world.lock.answered_at -= 60
    world.lock.answer = False
    assert not world.leadership.is_leader()
    assert world.stood_by == 1
