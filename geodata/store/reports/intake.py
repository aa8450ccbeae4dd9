"""Reports coming in: each once, however often it is sent, and not more in an hour than people can read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import LiteralString

from geodata.errors import DigitalpfadError
from geodata.model.report import NewReport, Report, ReportPicture
from geodata.store.reports.reading import find
from geodata.store.transaction import Transaction

MOST_OF_PLACE, MOST_OF_ALL = 30, 120
"""Reports in an hour of one station (or of what lies beside all stations), and of all together."""

_HOUR = timedelta(hours=1)


class TooManyReports(DigitalpfadError):
    """So many reports came within an hour that no more are taken right now. Try again later."""

    def __init__(self, wait_s: int) -> None:
        """``wait_s``: seconds until one more is taken."""
        super().__init__()
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class AcceptedReport:
    """What is in the database now. ``is_new``: it was not there before."""

    report: Report
    is_new: bool


def check_room(connection: Transaction, report: NewReport) -> Report | None:
    """The report where it is there already; raises TooManyReports where there is room neither for it nor others.

    A first look, before anything costly is done; keep() looks again.
    """
    there = find(connection, report.id)
    if there is None:
        _refuse_too_many(connection, report)
    return there


def keep(connection: Transaction, report: NewReport, picture: ReportPicture | None) -> AcceptedReport:
    """Keep a report once: of the same id the first stays, whatever the later one says. Raises TooManyReports."""
    # One after the other, so that those who come at the same moment are counted too; held until the commit.
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad'), hashtext('report'))")
    there = find(connection, report.id)
    if there is not None:
        return AcceptedReport(there, is_new=False)
    _refuse_too_many(connection, report)
    place = report.place
    connection.execute(
        "INSERT INTO report (id, written_at, kind, municipality, trail, station, lon, lat, accuracy_m, text, contact,"
        " variant) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            report.id, report.written_at, report.kind, place.municipality, place.trail, place.station, place.lon,
            place.lat, place.accuracy_m, report.text, report.contact, report.variant,
        ],
    )  # fmt: skip
    if picture is not None:
        connection.execute(
            "INSERT INTO report_picture (report, width, height, data) VALUES (%s, %s, %s, %b)",
            [report.id, picture.width, picture.height, picture.data],
        )
    kept = find(connection, report.id)
    assert kept is not None, "it was inserted in this transaction"  # noqa: S101 - for the type
    return AcceptedReport(kept, is_new=True)


_RECENT: LiteralString = """
    SELECT count(*) FILTER (WHERE station IS NOT DISTINCT FROM %(station)s), count(*),
        extract(epoch FROM now() - min(received_at) FILTER (WHERE station IS NOT DISTINCT FROM %(station)s)),
        extract(epoch FROM now() - min(received_at))
    FROM report WHERE received_at > now() - %(hour)s
"""


def _refuse_too_many(connection: Transaction, report: NewReport) -> None:
    row = connection.execute(_RECENT, {"station": report.place.station, "hour": _HOUR}).fetchone()
    of_place, of_all, oldest_of_place_s, oldest_s = row or (0, 0, None, None)
    waits = [
        _HOUR.total_seconds() - float(oldest)
        for count, most, oldest in (
            (of_place, MOST_OF_PLACE, oldest_of_place_s),
            (of_all, MOST_OF_ALL, oldest_s),
        )
        if oldest is not None and count >= most
    ]
    if waits:
        raise TooManyReports(max(math.ceil(max(waits)), 1))
