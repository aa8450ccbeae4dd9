"""Notices of a trail: what they tell now, a person's word against a sensor's, and their rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.languages.texts import property_label
from dashboards.forms import Fields, Posted
from dashboards.gate import may
from dashboards.languages import marked, t
from dashboards.notices import views
from dashboards.notices.examples import EXAMPLES
from dashboards.notices.form import LEVELS, PARTS, NoticeRuleForm, OverrideForm, filled
from dashboards.notices.views import StoredNotices
from dashboards.services import CurrentStaff, ServicesDep, StaffServices
from dashboards.templating import page
from dashboards.trails.ground import Ground, ground_of, stations_of
from geodata.actions import edit_notice
from geodata.actions.edit_notice import RuleChanged
from geodata.conditions.notices import Level, NoticeRule
from geodata.errors import NotFound
from geodata.store.access import audit
from geodata.store.catalogue import notice as store
from geodata.store.transaction import Transaction
from geodata.vocabulary.audit import Action

router = APIRouter(max_body_size=128 * 1024)

NOTICES = {
    "saved": marked("Gespeichert. Auf den Seiten der Wanderer steht es spätestens nach einer Minute."),
    "sensor": marked("Jetzt spricht wieder der Sensor."),
    "removed": marked("Die Regel ist entfernt."),
}
_HISTORY = 50
_SAVE = "save"


@router.get("/trails/{trail}/notices")
def show_list(request: Request, services: ServicesDep, trail: str, said: str = "") -> Response:
    """All rules of a trail with what they tell now."""
    ground = ground_of(services, trail)
    context = {
        "ground": ground,
        "rows": views.rows_of(services.keeper, ground, _stored(services)),
        "examples": EXAMPLES,
        "notice": NOTICES.get(said, ""),
        "may_change": may(request, "POST /trails/{trail}/notices"),
    }
    return page(request, "notices/notices.html", context)


@router.get("/trails/{trail}/notices/new")
def begin(request: Request, services: ServicesDep, trail: str, example: str = "") -> Response:
    """An empty rule, or one of the examples."""
    ground = ground_of(services, trail)
    fields: dict[str, str] = {"hysteresis": "0", "hold_min": "0", "expires_h": "6"}
    if example in EXAMPLES:
        fields |= EXAMPLES[example].fields
    return _rule_page(request, services, ground, _bound(ground, NoticeRuleForm(data=fields)), None)


@router.post("/trails/{trail}/notices")
def add(request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str) -> Response:
    """Keep a new rule; its id says trail and property."""
    ground = ground_of(services, trail)
    form = _bound(ground, NoticeRuleForm(Fields(posted)))
    if not form.validate():
        return _rule_page(request, services, ground, form, None, status=422)
    with services.database.transaction() as connection:
        rule = form.made(_free_id(ground, str(form.observed_property.data), store.load_rules(connection)))
        if posted.get("step") == _SAVE:
            edit_notice.add(connection, rule)
            _note(connection, staff.name, ground, Action.NOTICE_CHANGE, rule.id, after=views.as_text(rule))
            return _to(f"{trail}/notices", "saved")
    return _rule_page(request, services, ground, form, None, preview=rule)


@router.get("/trails/{trail}/notices/{notice}")
def show(request: Request, services: ServicesDep, trail: str, notice: str, said: str = "") -> Response:
    """A rule with what it tells, its history, and the forms that change it."""
    ground = ground_of(services, trail)
    rule = _find(services, trail, notice)
    form = _bound(ground, NoticeRuleForm(data={**filled(ground, rule), "version": _version(rule)}))
    return _rule_page(request, services, ground, form, rule, said=said)


@router.post("/trails/{trail}/notices/{notice}")
def change(
    request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str, notice: str
) -> Response:
    """Write the rule anew; what somebody else changed meanwhile is shown first."""
    ground, before = ground_of(services, trail), _find(services, trail, notice)
    form = _bound(ground, NoticeRuleForm(Fields(posted)))
    if not form.validate():
        return _rule_page(request, services, ground, form, before, status=422)
    rule = form.made(notice)
    if posted.get("step") != _SAVE:
        return _rule_page(request, services, ground, form, before, preview=rule)
    now = before
    if form.version.data == _version(before):
        try:
            with services.database.transaction() as connection:
                edit_notice.change(connection, rule, before)
                was, became = views.as_text(before), views.as_text(rule)
                _note(connection, staff.name, ground, Action.NOTICE_CHANGE, notice, before=was, after=became)
            return _to(f"{trail}/notices/{notice}", "saved")
        except RuleChanged as changed:
            now = changed.now
    form.version.data = _version(now)
    versions = (views.as_text(now), views.as_text(rule))
    return _rule_page(request, services, ground, form, now, status=409, versions=versions)


@router.post("/trails/{trail}/notices/{notice}/say")
def say(
    request: Request, services: ServicesDep, staff: CurrentStaff, posted: Posted, trail: str, notice: str
) -> Response:
    """A person's word until a certain time, whatever is measured."""
    ground, rule = ground_of(services, trail), _find(services, trail, notice)
    manual = OverrideForm(Fields(posted))
    manual.ground = ground
    if not manual.validate():
        form = _bound(ground, NoticeRuleForm(data={**filled(ground, rule), "version": _version(rule)}))
        return _rule_page(request, services, ground, form, rule, status=422, manual=manual)
    level = Level(int(str(manual.level.data)))
    with services.database.transaction() as connection:
        edit_notice.say(connection, notice, level, manual.ends(), staff.name, ground.now)
        after = f"{t(LEVELS[level])} → {ground.moment(manual.ends())}"
        _note(connection, staff.name, ground, Action.NOTICE_SET, notice, after=after)
    return _to(f"{trail}/notices/{notice}", "saved")


@router.post("/trails/{trail}/notices/{notice}/listen")
def listen(services: ServicesDep, staff: CurrentStaff, trail: str, notice: str) -> Response:
    """Let the sensor speak again."""
    ground = ground_of(services, trail)
    _find(services, trail, notice)
    with services.database.transaction() as connection:
        edit_notice.listen(connection, notice, staff.name, ground.now)
        _note(connection, staff.name, ground, Action.NOTICE_END, notice)
    return _to(f"{trail}/notices/{notice}", "sensor")


@router.post("/trails/{trail}/notices/{notice}/remove")
def remove(services: ServicesDep, staff: CurrentStaff, trail: str, notice: str) -> Response:
    """Remove the rule, with what was said of it and what it told."""
    ground, before = ground_of(services, trail), _find(services, trail, notice)
    with services.database.transaction() as connection:
        store.remove_rule(connection, notice)
        _note(connection, staff.name, ground, Action.NOTICE_REMOVE, notice, before=views.as_text(before))
    return _to(f"{trail}/notices", "removed")


def _rule_page(  # noqa: PLR0913 - what the page shows
    request: Request,
    services: StaffServices,
    ground: Ground,
    form: NoticeRuleForm,
    rule: NoticeRule | None,
    *,
    status: int = 200,
    preview: NoticeRule | None = None,
    manual: OverrideForm | None = None,
    versions: tuple[str, str] | None = None,
    said: str = "",
) -> Response:
    if manual is None:
        tonight = (ground.now + timedelta(hours=12)).astimezone(ground.timezone)
        manual = OverrideForm(data={"level": "0", "until": tonight.strftime("%Y-%m-%dT%H:00")})
    of_trail = f"/staff/trails/{ground.trail.slug}/notices"
    context = {
        "ground": ground,
        "form": form,
        "manual": manual,
        "levels": LEVELS,
        "parts_of_texts": PARTS,
        "row": views.row_of(services.keeper, ground, _stored(services), rule) if rule else None,
        "history": _history(services, ground, rule) if rule else [],
        "preview": (views.place(ground, preview), *views.in_words(ground, preview)) if preview else (),
        "target": f"{of_trail}/{rule.id}" if rule else of_trail,
        "stations": stations_of(ground),
        "has_faults": bool(form.errors or manual.errors),
        "versions": versions,
        "notice": NOTICES.get(said, ""),
    }
    return page(request, "notices/rule.html", context, status)


def _bound(ground: Ground, form: NoticeRuleForm) -> NoticeRuleForm:
    catalogue = ground.snapshot.catalogue
    form.ground = ground
    form.devices = {
        device.id: device.name or device.id
        for device in catalogue.devices.values()
        if device.trail == ground.trail.slug and device.revoked_at is None
    }
    form.properties = {prop.id: property_label(prop, t.texts) for prop in catalogue.properties.values()}
    return form


def _history(services: StaffServices, ground: Ground, rule: NoticeRule) -> list[views.ToldBefore]:
    with services.database.transaction() as connection:
        return views.told(ground, rule, store.history(connection, rule.id, _HISTORY))


def _stored(services: StaffServices) -> StoredNotices:
    with services.database.transaction() as connection:
        return StoredNotices(
            store.load_rules(connection), store.load_overrides(connection), store.told_since(connection)
        )


def _find(services: StaffServices, trail: str, notice: str) -> NoticeRule:
    with services.database.transaction() as connection:
        found = store.load_rules(connection).get(notice)
    if found is None or found.trail != trail:
        raise NotFound("notice", notice)
    return found


def _version(rule: NoticeRule) -> str:
    return hashlib.blake2b(repr(rule).encode(), digest_size=12).hexdigest()


def _free_id(ground: Ground, observed_property: str, taken: Mapping[str, NoticeRule]) -> str:
    stem = f"{ground.trail.slug}-{observed_property.replace('_', '-')}"[:58].rstrip("-")
    return next(name for name in (stem, *(f"{stem}-{i}" for i in range(2, 10_000))) if name not in taken)


def _note(
    connection: Transaction,
    name: str,
    ground: Ground,
    action: Action,
    notice: str,
    *,
    before: str = "",
    after: str = "",
) -> None:
    town = ground.trail.municipality
    audit.by_staff(connection, name, action, notice, before=before, after=after, municipality=town)


def _to(below: str, said: str) -> Response:
    return RedirectResponse(f"/staff/trails/{below}?said={said}", 303)
