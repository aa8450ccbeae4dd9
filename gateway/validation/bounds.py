"""What decoders of other formats tell, within the bounds of the wire contract, which its own decoder holds itself."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.decoding.decoder import Uplink
from gateway.decoding.payload import Telemetry, is_boot
from gateway.decoding.reasons import Reason, refuse, show
from gateway.decoding.status import bounded
from gateway.decoding.written import is_seq, place_of
from geodata.store.ingest.flush import Refusal


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
    if boot is not None and not _is_boot(boot):
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
        _refuse_unidentified(refusals, boot, seq)
        unidentified.append(reading)
    telemetry.supposed = unidentified
    if telemetry.oldest is not None and not is_seq(telemetry.oldest):
        refuse(refusals, Reason.OLDEST, value=show(telemetry.oldest))
        telemetry.oldest = None


def _refuse_unidentified(refusals: list[Refusal], boot: object, seq: object) -> None:
    """What the decoder left out; what it told wrongly is refused already."""
    missing = [name for name, value in (("boot", boot), ("seq", seq)) if value is None]
    if missing:
        refuse(refusals, Reason.NO_IDENTITY, value=" and ".join(missing))


def _is_boot(boot: object) -> bool:
    return isinstance(boot, str) and is_boot(boot)
