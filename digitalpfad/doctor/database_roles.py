"""Whether the database's login may work as each service does: by connecting like it."""

from __future__ import annotations

from digitalpfad.doctor.result import CheckResult
from digitalpfad.terminal.names import spelled
from geodata.errors import DigitalpfadError, RoleRefused
from geodata.store import roles
from geodata.store.database import Database, translated
from geodata.store.session_role import hint, standing

_GRANT_ANEW = "Run 'digitalpfad migrate' with the login that owns the tables."
_NO_ROLE = "Use the login that owns the tables, or let a login with CREATEROLE run 'digitalpfad migrate'."


def look(url: str) -> list[CheckResult]:
    """One entry for each service; a login that is made for one of them is not asked to be the others too."""
    results = {role: _tried(url, role) for role in roles.GRANTS}
    refused = {role: result for role, result in results.items() if isinstance(result, RoleRefused)}
    made_for_one = len(refused) < len(results) and not _owner(url)
    return [_told(role, result, made_for_one=made_for_one) for role, result in results.items()]


def _told(role: str, result: CheckResult | RoleRefused, *, made_for_one: bool) -> CheckResult:
    if isinstance(result, CheckResult):
        return result
    if made_for_one:
        return _of(role, f"not with the login {result.login}, which is for another service")
    return _of(role, f"the login {result.login} may not", str(spelled(result.hint)))


def _tried(url: str, role: str) -> CheckResult | RoleRefused:
    database = Database(url, role=role, name="digitalpfad doctor")
    try:
        with translated(), database.connect() as connection:
            missing = roles.missing_rights(connection, role)
            exists, outside = (role_standing := standing(connection, role)).exists, role_standing.outside
            narrower = (
                f"works with the owner's own rights. {spelled(hint(connection, role, role_standing))}"
                if outside
                else ""
            )
    except RoleRefused as refusal:
        return refusal
    except DigitalpfadError as error:
        return _of(role, str(spelled(error.sentence)), "Correct what the database says, then look again.")
    if missing:
        return _of(role, f"lacks {', '.join(missing)}", _GRANT_ANEW if exists else _NO_ROLE)
    if narrower:
        return _of(role, narrower)
    return _of(role, "has all rights it needs" if exists else "no such role: the login's own rights suffice")


def _of(role: str, finding: str, hint: str = "") -> CheckResult:
    return CheckResult(f"role {role.removeprefix('digitalpfad_')}", ok=not hint, found=finding, hint=hint)


def _owner(url: str) -> bool:
    with translated(), Database(url, name="digitalpfad doctor").connect() as connection:
        return standing(connection, roles.GATEWAY).owner
