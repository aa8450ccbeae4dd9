"""`up` looks after its children whatever happens to itself or to the database."""

from __future__ import annotations

import threading
from typing import cast

import pytest
from structlog.testing import capture_logs

from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded.process import Supervisor
from digitalpfad.up import supervisor as up
from digitalpfad.up.news import DatabaseNews
from digitalpfad.up.screen import Terminal
from geodata.store.database import Database
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until


class Said:
    """A terminal that remembers what it says."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)


class Watched(Supervisor):
    """A supervisor that fails at its second look."""

    looks = 0

    def watch(self) -> None:
        self.looks += 1
        if self.looks == 2:
            raise OSError(28, "No space left on device")
        super().watch()


@pytest.fixture
def nowhere() -> Database:
    return Database(f"postgresql://nobody@127.0.0.1:{free_port()}/none")


def test_a_fault_nobody_foresaw_does_not_end_the_system(
    data: DataDir, nowhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(up, "_LOOK_S", 0.01)
    stop, said = threading.Event(), Said()
    supervisor = Watched(said.say, stop)
    settings = Settings.model_validate({"data_dir": data.path, "mqtt_url": "mqtt://127.0.0.1:1"})
    system = up._System(settings, data, supervisor, cast("Terminal", said), stop)
    thread = threading.Thread(target=lambda: system._watch(nowhere, await_first_value=False))
    with capture_logs() as logs:
        thread.start()
        wait_until(lambda: supervisor.looks > 5)
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    (told,) = [line for line in logs if line["event"] == "worker-failed"]
    assert (told["worker"], told["fault"]) == ("supervisor", "OSError")


def test_a_database_that_stays_away_is_told_once(nowhere: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitalpfad.up.news._RETRY_S", 0.01)
    tries: list[int] = []
    listener = nowhere.listener
    monkeypatch.setattr(nowhere, "listener", lambda *channels: tries.append(1) or listener(*channels))
    stop, said = threading.Event(), Said()
    news = DatabaseNews(nowhere, stop, said.say, None, lambda: None)
    news.worker.start()
    wait_until(lambda: len(tries) > 5)
    stop.set()
    news.worker.join(10)
    assert len(said.sentences) == 1
    assert said.sentences[0].startswith("The database cannot be reached")
    assert news.devices() is None
