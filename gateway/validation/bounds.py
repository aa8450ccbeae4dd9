"""What decoders of other formats tell, within the bounds of the wire contract, which its own decoder holds itself."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.decoding.decoder import Uplink
from gateway.decoding.payload import Telemetry, is_boot
from gateway.decoding.reasons import Reason, refuse, show
from gateway.decoding.status import bounded
from gateway.decoding.written import is_seq, missing_identity, place_of


def refuse_beyond_bounds(uplinks: Iterable[Uplink]) -> None:
    """Take out of ``uplinks`` what no device of the contract may say, and say so in their refusals.

    A reading that nothing identifies then is looked at for further faults and not stored.
    """
    for uplink in uplinks:
        if isinstance(uplink, Telemetry):
            _refuse_in_telemetry(uplink)
        elif uplink.report is not None:
            uplink.report = bounded(uplink.report, uplink.refusals)


def _refuse_in_telemetry(telemetry: Telemetry) -> None:
    refusals, boot = telemetry.refusals, telemetry.boot
    if boot is not None and not is_boot(boot):
        refuse(refusals, Reason.BOOT, value=show(boot))
        telemetry.boot = None
    readings, telemetry.readings = telemetry.readings, []
    unidentified = list(telemetry.supposed)
    for reading in readings:
        seq, place = reading.seq, place_of(None, reading.time)
        if seq is not None and not is_seq(seq):
            refuse(refusals, Reason.SEQ, place, value=show(seq))
            reading.seq = None
        if reading.time is not None or (telemetry.boot is not None and reading.seq is not None):
            telemetry.readings.append(reading)
            continue
        if missing := missing_identity(boot, seq):  # what was told wrongly is refused already
            refuse(refusals, Reason.NO_IDENTITY, value=missing)
        unidentified.append(reading)
    telemetry.supposed = unidentified
    if telemetry.oldest is not None and not is_seq(telemetry.oldest):
        refuse(refusals, Reason.OLDEST, value=show(telemetry.oldest))
        telemetry.oldest = None
