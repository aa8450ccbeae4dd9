"""How complete the messages of a device are, as far as its sequence numbers tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class BootCompleteness:
    """Messages of one start of a device: ``received`` are committed, ``missing`` lie in gaps between them.

    ``ranges`` are the first received and ``gaps`` the first missing stretches as inclusive (first, last) numbers.
    ``given_up`` numbers count as neither: of them, between ever so many gaps, it is not remembered which came.
    """

    boot: str
    first_received_at: datetime
    last_received_at: datetime
    received: int
    missing: int
    given_up: int
    gaps_given_up: int
    ranges: list[tuple[int, int]]
    gaps: list[tuple[int, int]]


def load(connection: Transaction, device: str, *, limit: int = 5, gaps: int = 5) -> list[BootCompleteness]:
    """The last ``limit`` starts of a device, the newest first, each with its first ``gaps`` ranges and gaps.

    Below ``oldest`` the device holds nothing any more: those numbers were given up, they count as neither.
    """
    rows = connection.execute(
        """
        SELECT boot, first_received_at, last_received_at,
            (SELECT coalesce(sum(upper(r) - lower(r)), 0)::int8 FROM unnest(seqs) AS u (r)),
            (SELECT coalesce(sum(upper(r) - lower(r)), 0)::int8 FROM unnest(holes) AS u (r)),
            (SELECT coalesce(sum(upper(r) - lower(r)), 0)::int8 FROM unnest(
                int8multirange(given_up) - seqs - int8multirange(int8range(0, oldest))) AS u (r)),
            gaps_given_up,
            ARRAY(SELECT lower(r) FROM unnest(seqs) AS u (r) ORDER BY r LIMIT %(gaps)s),
            ARRAY(SELECT upper(r) - 1 FROM unnest(seqs) AS u (r) ORDER BY r LIMIT %(gaps)s),
            ARRAY(SELECT lower(r) FROM unnest(holes) AS u (r) ORDER BY r LIMIT %(gaps)s),
            ARRAY(SELECT upper(r) - 1 FROM unnest(holes) AS u (r) ORDER BY r LIMIT %(gaps)s)
        FROM device_boot, LATERAL (
            SELECT int8multirange(int8range(least(lower(seqs), greatest(oldest, 1)), upper(seqs)))
                - seqs - int8multirange(int8range(0, oldest)) - int8multirange(given_up) AS holes) AS h
        WHERE device = %(device)s AND NOT isempty(seqs)
        ORDER BY last_received_at DESC, boot LIMIT %(limit)s
        """,
        {"device": device, "limit": limit, "gaps": gaps},
    )
    return [
        BootCompleteness(
            boot=row[0],
            first_received_at=row[1],
            last_received_at=row[2],
            received=row[3],
            missing=row[4],
            given_up=row[5],
            gaps_given_up=row[6],
            ranges=list(zip(row[7], row[8], strict=True)),
            gaps=list(zip(row[9], row[10], strict=True)),
        )
        for row in rows
    ]


def missing_by_device(connection: Transaction) -> dict[str, int]:
    """Messages missing within all starts of each device that is not revoked and sends sequence numbers."""
    rows = connection.execute(
        """
        SELECT device, sum((SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM unnest(
            int8multirange(int8range(least(lower(seqs), greatest(oldest, 1)), upper(seqs)))
            - seqs - int8multirange(int8range(0, oldest)) - int8multirange(given_up)) AS u (r)))::int8
        FROM device_boot JOIN device ON device.id = device_boot.device
        WHERE NOT isempty(seqs) AND revoked_at IS NULL GROUP BY device ORDER BY device
        """
    )
    return {row[0]: row[1] for row in rows}
