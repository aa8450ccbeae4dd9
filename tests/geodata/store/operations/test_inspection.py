"""What the server says of itself, to the roles that ask."""

from __future__ import annotations

import psycopg

from geodata.store.database import Database
from geodata.store.operations import inspection
from geodata.store.operations.inspection import FailedJob
from tests.fixtures.databases.database import one_row


def test_without_timescaledb_no_job_has_failed(database: Database) -> None:
    with database.transaction() as connection:
        assert inspection.failed_jobs(connection) == []


def test_the_web_app_sees_a_job_of_timescaledb_whose_last_run_failed(migrated_timescale: str) -> None:
    with psycopg.connect(migrated_timescale) as connection:
        connection.execute("SELECT set_observation_policies(14, 0)")
        job = one_row(
            connection, "SELECT job_id FROM timescaledb_information.jobs WHERE hypertable_name = 'observation'"
        )[0]
        runs: list[list[FailedJob]] = []
        for success in (True, False):  # what the scheduler writes after a run; there is none in the WebAssembly build
            connection.execute("DELETE FROM _timescaledb_internal.bgw_job_stat WHERE job_id = %s", [job])
            connection.execute(
                "INSERT INTO _timescaledb_internal.bgw_job_stat (job_id, last_start, last_finish, next_start,"
                " last_successful_finish, last_run_success, total_runs, total_duration, total_duration_failures,"
                " total_successes, total_failures, total_crashes, consecutive_failures, consecutive_crashes)"
                " VALUES (%s, now(), now(), now(), now(), %s, 1, '1 s', '1 s', 0, 1, 0, 1, 0)",
                [job, success],
            )
            connection.execute("SET LOCAL ROLE digitalpfad_web")
            runs.append(inspection.failed_jobs(connection))
            connection.execute("RESET ROLE")
        connection.rollback()
    assert runs == [[], [FailedJob(job, "policy_compression", "")]]
