"""The audit log's words: what can be in it, who can have done it, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST = 200
"""Characters of an actor or object at most; the database refuses longer ones."""
LONGEST_CHANGE = 2000
"""Characters of what a change was before, and of what it became."""


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
    STAFF_INVITE = "staff-invite"
    STAFF_GRANT = "staff-grant"
    INVITATION_ACCEPT = "invitation-accept"
    SESSION_END = "session-end"
    TOTP_ADD = "totp-add"
    TOTP_REMOVE = "totp-remove"
    PASSKEY_ADD = "passkey-add"
    PASSKEY_REMOVE = "passkey-remove"
    RECOVERY_CODES = "recovery-codes"
    FACTORS_REMOVE = "factors-remove"
    DEVICE_ADD = "device-add"
    DEVICE_PASSWORD = "device-password"  # noqa: S105 - an action, no password
    DEVICE_REVOKE = "device-revoke"
    DEVICE_MOVE = "device-move"
    DEVICE_EDIT = "device-edit"
    DEVICE_REPLACE = "device-replace"
    MAINTENANCE_BEGIN = "maintenance-begin"
    MAINTENANCE_END = "maintenance-end"
    MAINTENANCE_CONFIRM = "maintenance-confirm"
    COUNTER_MOUNT = "counter-mount"
    COUNTER_END = "counter-end"
    COUNTER_SET = "counter-set"
    FIGURES_REBUILD = "figures-rebuild"
    FIGURES_UNDO = "figures-undo"
    FIGURES_REVISE = "figures-revise"
    CLOSURE_ADD = "closure-add"
    CLOSURE_CHANGE = "closure-change"
    CLOSURE_END = "closure-end"
    CLOSURE_CONFIRM = "closure-confirm"
    NOTICE_SET = "notice-set"
    NOTICE_END = "notice-end"
    NOTICE_CHANGE = "notice-change"
    NOTICE_IMPORT = "notice-import"
    NOTICE_REMOVE = "notice-remove"
    PROPERTY_ADD = "property-add"
    PROPERTY_EDIT = "property-edit"
    PROPERTY_RENAME = "property-rename"
    QUARANTINE_REPLAY = "quarantine-replay"
    QUARANTINE_SETTLE = "quarantine-settle"
    QUARANTINE_REOPEN = "quarantine-reopen"
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
    CONTENT_SAVE = "content-save"
    CONTENT_RESTORE = "content-restore"
    CONTRIBUTION_LINK = "contribution-link"
    CONTRIBUTION_LINK_END = "contribution-link-end"
    CONTRIBUTION_DECIDE = "contribution-decide"
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
    CARE_VISIT = "care-visit"
    CARE_TASK_ADD = "care-task-add"
    CARE_TASK_DONE = "care-task-done"
    CARE_TASK_REMOVE = "care-task-remove"
    BROKER_END_SESSION = "broker-end-session"
    HOUSEKEEPING = "housekeeping"
    FIGURES_CLOSE = "figures-close"
    FIGURES_SETTINGS = "figures-settings"
    MAIL_WISH = "mail-wish"
    BACKUP = "backup"
    BACKUP_DOWNLOAD = "backup-download"
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
class AuditFilter:
    """Which entries are asked for: of one name, of one action, from ``since`` to before ``until``; None: any."""

    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row. ``count`` refusals from ``at`` to ``last_at`` are one; other rows have one time.

    ``actor`` is a login's name, on the command line the operating system's account; empty for a login that does not
    exist. ``object`` is the id of what was changed,
    ``before`` and ``after`` what it was and became, ``municipality`` the slug of whose it is, where that was said.
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
    before: str = ""
    after: str = ""
    municipality: str | None = None
