"""The commands of the quarantine: what they list, suggest, report and end with."""

from __future__ import annotations

import json
import subprocess

import pytest

from geodata.store.database import Database
from tests.digitalpfad.commandline import run as command
from tests.gateway.replaying.quarantined import delivery, execute, reading, receive


def test_bytes_that_are_no_text_are_given_back_as_they_came(world: Database, system: dict[str, str]) -> None:
    receive(world, [delivery(b"Br\xfccke", 0), delivery(rb"Br\xfccke", 1)])
    listed = json.loads(answered(command("quarantine", "list", "--json", **system)))
    assert [entry.get("payload_base64") for entry in listed] == [None, "QnL8Y2tl"]


def answered(ended: subprocess.CompletedProcess[str], code: int = 0) -> str:
    assert ended.returncode == code, ended.stderr
    return ended.stdout


def test_the_command_suggests_a_replay_does_it_and_ends_with_3_when_something_stays(
    world: Database, system: dict[str, str]
) -> None:
    odd: dict[str, object] = {"rain": 1, "leaf_wetness": 40}
    receive(world, [delivery({"boot": "b", **reading(1, odd)}), delivery(b"{", 1)])
    listed = json.loads(answered(command("quarantine", "list", "--reason", "unknown-device", "--json", **system)))
    assert len(listed) == 2
    assert answered(command("quarantine", "list", "--until", "2026-11-22T10:15:00", **system)) == ""
    added = command("device", "add", "pond", "--station", "4K7MP2", **system)
    assert "2 entries wait in quarantine: 'digitalpfad quarantine replay --device pond'" in added.stderr
    dry = answered(command("quarantine", "replay", "--device", "pond", "--dry-run", "--json", **system), 3)
    done = answered(command("quarantine", "replay", "--device", "pond", "--json", **system), 3)
    reasons = {"not-json": 1, "unknown-property": 1}
    wanted = {"entries": 2, "stored": 1, "duplicates": 0, "staying": 2, "quarantined": reasons}
    assert json.loads(dry) == {**wanted, "dry_run": True}
    assert json.loads(done) == {**wanted, "dry_run": False}
    made = command(
        "property", "add", "leaf_wetness", "--unit", "%", "--label-de", "Blattnässe", "--label-en", "Leaf wetness",
        "--minimum", "0", "--maximum", "100", **system,
    )  # fmt: skip
    assert "1 entry waits in quarantine: 'digitalpfad quarantine replay --reason unknown-property'" in made.stderr
    told = answered(command("quarantine", "replay", "--reason", "unknown-property", **system))
    assert told == "Read 1 message again: 1 value stored, 1 there already.\n"
    boots = json.loads(answered(command("device", "completeness", "pond", "--json", **system)))
    assert [(boot["boot"], boot["ranges"], boot["gaps"]) for boot in boots] == [("b", [[1, 1]], [])]


@pytest.mark.parametrize(
    ("locale", "options", "told"),
    [
        ("C.UTF-8", (), ["Read 3 messages again: 2 values stored, 1 there already.", "2 messages stay, in 3 parts:"]),
        ("C.UTF-8", ("--dry-run",), ["Would read 3 messages again: 2 values stored, 1 there already."]),
        ("de_DE.UTF-8", ("--dry-run",),
         ["3 Nachrichten würden wieder gelesen: 2 Messwerte gespeichert, 1 schon vorhanden.",
          "2 Nachrichten bleiben, mit 3 Teilen:", "  not-json: 1 Teil", "  unknown-property: 2 Teile"]),
    ],
)  # fmt: skip
def test_the_report_counts_messages_values_and_parts_by_their_names(
    world: Database, system: dict[str, str], locale: str, options: tuple[str, ...], told: list[str]
) -> None:
    odd: dict[str, object] = {"rain": 0.25, "leaf_wetness": 40, "nonsense": 1, "air_temperature": 2}
    receive(world, [delivery({"boot": "b", **reading(1)}), delivery({"boot": "b", **reading(1, odd)}, 1)])
    receive(world, [delivery(b"{", 2)])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    said = answered(command("quarantine", "replay", *options, LC_ALL=locale, **system), 3).splitlines()
    assert said[: len(told)] == told
