"""What an operator sees of a gateway: readiness that tells the truth, figures that add up, a house that is kept."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from prometheus_client import CollectorRegistry
from psycopg.conninfo import conninfo_to_dict
from structlog.testing import capture_logs

from gateway import health
from gateway.housekeeping import Housekeeper
from gateway.metrics import Metrics
from geodata.errors import StartRefused
from geodata.runtime.steady_clock import SteadyClock
from geodata.store import roles
from geodata.store.database import Database
from geodata.store.operations.retention import Retention
from geodata.times import to_us
from tests.fixtures.process.waiting import wait_until
from tests.gateway.conftest import DEVICES, BrokerServer, Publisher, Table, reading
from tests.gateway.under_test import Gateway


def sql(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_a_database_that_takes_no_writes_makes_the_gateway_not_ready_until_it_does(
    postgres_server: str,
    database_url: str,
    nats: BrokerServer,
    publisher: Callable[[BrokerServer], Publisher],
    table: Table,
) -> None:
    name = conninfo_to_dict(database_url)["dbname"]
    device = publisher(nats)
    with Gateway(database_url, nats) as gateway:
        sql(postgres_server, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        sql(postgres_server, ended)
        device.send(DEVICES[0], reading(1))
        wait_until(lambda: "read-only" in gateway.ready()[1]["checks"]["writing"]["detail"], what="the reason in words")
        assert gateway.ready()[0] == 503
        assert gateway.metric("oldest_unacknowledged_seconds") > 0
        sql(postgres_server, f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        sql(postgres_server, ended)
        wait_until(lambda: table.counters[1] == 4, what="the message stored")
        wait_until(lambda: gateway.ready()[0] == 200, what="readiness")


def test_the_figures_of_a_gateway_add_up(
    database_url: str, nats: BrokerServer, publisher: Callable[[BrokerServer], Publisher], table: Table
) -> None:
    device = publisher(nats)
    with Gateway(database_url, nats, window=777) as gateway:
        for message in (reading(1), reading(1), {**reading(1), "values": {"air_temperature": 30}}, b"{"):
            device.send(DEVICES[0], message)
            device.wait()
        wait_until(lambda: gateway.metric("messages_total") == 4, what="four messages")
        quarantined = [
            gateway.metric(f'quarantined_parts_total{{reason="{reason}"}}') for reason in ("conflict", "not-json")
        ]
        assert quarantined == [1, 1]
        assert gateway.metric('parts_total{end="quarantined"}') == 2
        ends = [gateway.metric(f'parts_total{{end="{end}"}}') for end in ("stored", "duplicate", "quarantined")]
        assert gateway.metric("received_parts_total") == sum(ends) == sum(table.counters[1:])
        assert (gateway.metric("active"), gateway.metric("window_messages")) == (1, 777)
        wait_until(lambda: gateway.metric("confirmations_total") > 0, what="a confirmation")
        wait_until(
            lambda: gateway.metric("housekeeping_success_timestamp_seconds") > time.time() - 60, what="housekeeping"
        )
    month = f"observation_{datetime.now(UTC):%Y_%m}"
    ahead = (
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'observation'::regclass AND inhrelid::regclass::text >= %s"
    )
    assert table.one(ahead, month) == 3


def test_a_reading_older_than_the_retention_is_quarantined_with_the_reason(
    database_url: str, nats: BrokerServer, publisher: Callable[[BrokerServer], Publisher], table: Table
) -> None:
    device = publisher(nats)
    with Gateway(database_url, nats):
        device.send(DEVICES[0], {**reading(1), "time": "2020-02-01T00:00:00Z"})
        device.send(DEVICES[0], reading(2))
        wait_until(lambda: table.counters[1] == 4, what="the younger one")
    assert table.rows("SELECT reason FROM quarantine") == [("too-old",)]
    assert "are not kept any more" in str(table.one("SELECT detail FROM quarantine"))


def test_the_operator_is_warned_before_the_quarantine_loses_anything(database_url: str) -> None:
    metrics = Metrics()
    with Database(database_url, role=roles.GATEWAY) as database:
        keeper = Housekeeper(database, Retention(quarantine_rows=10), metrics, SteadyClock())

        def fill(rows: int) -> list[str]:
            with database.transaction() as connection:
                connection.execute(
                    "INSERT INTO quarantine (digest, reason, detail, topic, payload, received_at)"
                    " SELECT gen_random_uuid()::text::bytea, 'r', 'd', 't', '', now() FROM generate_series(1, %s)",
                    [rows],
                )
            with capture_logs() as logs:
                keeper.look()
            return [entry["event"] for entry in logs if "quarantine" in entry["event"]]

        assert fill(7) == []
        assert fill(1) == ["quarantine-nearly-full"]
        assert metrics.registry.get_sample_value("digitalpfad_gateway_quarantine_fill_ratio") == 0.8
        assert fill(5) == ["quarantine-nearly-full", "quarantine-discarded"]
        discarded = {"what": "quarantine_waiting"}
        assert metrics.registry.get_sample_value("digitalpfad_gateway_housekeeping_total", discarded) == 3


@pytest.mark.parametrize("ahead", [timedelta(days=300), timedelta(days=1461)])
def test_a_clock_that_is_ahead_from_the_start_deletes_nothing_that_is_kept(database_url: str, ahead: timedelta) -> None:
    sql(
        database_url,
        "INSERT INTO ingest_counter (partition, updated_at) VALUES ('all', now() - interval '3 days');"
        " INSERT INTO quarantine (digest, reason, detail, topic, payload, received_at)"
        " SELECT day::text::bytea, 'r', 'd', 't', '', now() - day * interval '1 day' FROM unnest('{1,170,190}'::int[])"
        " AS u (day)",
    )
    began, running = datetime.now(UTC), [timedelta()]
    clock = SteadyClock(lambda: to_us(began + ahead + running[-1]), lambda: running[-1] // timedelta(microseconds=1))
    with Database(database_url, role=roles.GATEWAY) as database:
        keeper = Housekeeper(database, Retention(quarantine_days=180), Metrics(), clock)

        def left() -> int:
            keeper.look()
            with database.transaction() as connection:
                return connection.execute("SELECT count(*) FROM quarantine").fetchone()[0]  # pyright: ignore[reportOptionalSubscript] - count(*)

        assert left() == 3  # for an hour, or until a device agrees, nobody knows what is old
        running.append(timedelta(hours=2))
        assert left() == 2


def test_a_notification_that_names_no_device_costs_the_gateway_no_connection(
    database_url: str, nats: BrokerServer
) -> None:
    told = """SELECT pg_notify('digitalpfad_confirmation', '{"trail":"stadtwald","device":"%s","boot":"b","seq":1}')"""
    with Gateway(database_url, nats) as gateway:
        before = gateway.metric("connections_total")
        for device in ("#", DEVICES[0]):
            sql(database_url, told % device)
        wait_until(lambda: gateway.metric("confirmations_total") >= 1, what="the confirmation of the device")
        assert gateway.metric("unreadable_notifications") == 1
        assert gateway.metric("connections_total") == before
        assert gateway.ready()[0] == 200


def test_a_taken_health_port_is_refused_naming_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        hint = r"Stop the program that has it, or choose another port with gateway_http_port\.$"
        with (
            pytest.raises(StartRefused, match=rf"127\.0\.0\.1:{port} cannot be opened .*{hint}"),
            health.serve("127.0.0.1", port, list, CollectorRegistry()),
        ):
            pass
