"""Which confirmations are sent, and in which order."""

from __future__ import annotations

from gateway.mqtt.confirmations import Confirmations


def test_of_each_start_of_a_device_only_the_newest_is_sent_in_the_order_in_which_they_began_to_wait() -> None:
    waiting = Confirmations()
    for topic, boot, payload in [("a", "b1", b"1"), ("b", "b1", b"2"), ("a", "b1", b"3"), ("a", "b2", b"4")]:
        waiting.add(topic, boot, payload)

    waiting.gather(0, at_once=False)

    assert len(waiting) == 3
    assert waiting.take(9) == [("a", b"3"), ("b", b"2"), ("a", b"4")]


def test_no_more_are_taken_than_the_broker_has_room_for_and_the_others_wait() -> None:
    waiting = Confirmations()
    for number in range(3):
        waiting.add("a", f"b{number}", b"%d" % number)
    waiting.gather(0, at_once=False)

    assert [waiting.take(most) for most in (-1, 0, 2, 2)] == [[], [], [("a", b"0"), ("a", b"1")], [("a", b"2")]]


def test_what_is_added_waits_to_be_replaced_unless_all_is_wanted_at_once() -> None:
    waiting = Confirmations()
    waiting.gather(10, at_once=False)
    waiting.add("a", "b", b"1")

    waiting.gather(10.2, at_once=False)
    assert not waiting
    waiting.gather(10.2, at_once=True)
    assert waiting.take(1) == [("a", b"1")]
    waiting.add("a", "b", b"2")
    waiting.gather(10.5, at_once=False)
    assert waiting.take(1) == [("a", b"2")]
