"""The audit log's words: what can be in it, who can have done it, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST = 200
"""Characters of an actor or object at most; the database refuses longer ones."""


class Action(StrEnum):
    """Everything that is written down. A member is never renamed: rows name it for as long as they are kept."""

    LOGIN = "login"
    LOGOUT = "logout"
    LOGOUT_EVERYWHERE = "logout-everywhere"
    PASSWORD_CHANGE = "password-change"  # noqa: S105 - an action, no password
    PAGE = "page"
    """A staff page that the person's role may not open: written when it is refused only."""
    STAFF_ADD = "staff-add"
    STAFF_RESET = "staff-reset"
    STAFF_ENABLE = "staff-enable"
    STAFF_DISABLE = "staff-disable"
    DEVICE_ADD = "device-add"
    DEVICE_PASSWORD = "device-password"  # noqa: S105 - an action, no password
    DEVICE_REVOKE = "device-revoke"
    DEVICE_MOVE = "device-move"
    DEVICE_EDIT = "device-edit"
    COUNTER_MOUNT = "counter-mount"
    COUNTER_END = "counter-end"
    COUNTER_SET = "counter-set"
    FIGURES_REBUILD = "figures-rebuild"
    FIGURES_UNDO = "figures-undo"
    FIGURES_REVISE = "figures-revise"
    CLOSURE_ADD = "closure-add"
    CLOSURE_END = "closure-end"
    NOTICE_SET = "notice-set"
    NOTICE_END = "notice-end"
    NOTICE_IMPORT = "notice-import"
    NOTICE_REMOVE = "notice-remove"
    PROPERTY_ADD = "property-add"
    PROPERTY_EDIT = "property-edit"
    PROPERTY_RENAME = "property-rename"
    QUARANTINE_REPLAY = "quarantine-replay"
    TRAIL_IMPORT = "trail-import"
    TRAIL_HIDE = "trail-hide"
    TRAIL_SHOW = "trail-show"
    TRAIL_RETIRE = "trail-retire"
    TRAIL_REMOVE = "trail-remove"
    TRAIL_STAMPS = "trail-stamps"
    TRAIL_DIRECTION = "trail-direction"
    STATION_ADD = "station-add"
    STATION_RENUMBER = "station-renumber"
    STATION_MOVE = "station-move"
    STATION_RETIRE = "station-retire"
    STATION_RESTORE = "station-restore"
    CONTENT_IMPORT = "content-import"
    CONTENT_PUBLISH = "content-publish"
    MUNICIPALITY_SET = "municipality-set"
    WEATHER_IMPORT = "weather-import"
    ANNOTATION_ADD = "annotation-add"
    ANNOTATION_PUBLISH = "annotation-publish"
    ANNOTATION_WITHDRAW = "annotation-withdraw"
    ANNOTATION_REMOVE = "annotation-remove"
    REPORT_CHANGE = "report-change"
    REPORT_DELETE = "report-delete"
    COUNT_SESSION_ADD = "count-session-add"
    COUNT_SESSION_DELETE = "count-session-delete"
    SIGN_CASE_CLOSE = "sign-case-close"
    BROKER_END_SESSION = "broker-end-session"
    HOUSEKEEPING = "housekeeping"
    FIGURES_CLOSE = "figures-close"
    FIGURES_SETTINGS = "figures-settings"
    RESTORE = "restore"


class Origin(StrEnum):
    """Where somebody did it."""

    STAFF_PAGES = "staff-pages"
    COMMAND_LINE = "command-line"


class Outcome(StrEnum):
    """How it ended. What an error undid is not there at all: it never happened."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row. ``count`` refusals from ``at`` to ``last_at`` are one; other rows have one time.

    ``actor`` is a login's name, on the command line the operating system's account; empty for a login that does not
    exist. ``object`` is the id of what was changed.
    """

    id: int
    at: datetime
    last_at: datetime
    origin: Origin
    actor: str
    action: str
    object: str
    outcome: Outcome
    count: int
