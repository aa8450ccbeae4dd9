"""The preview is the hikers' page itself, for staff alone, and does nothing but to be looked at."""

from __future__ import annotations

from geodata.model.staff import Role
from tests.dashboards.content.written import PAGE, POND, WHOLE, pond, save, versions
from tests.dashboards.office import Office, hire

TYPED = {
    **WHOLE,
    "begun_with": "0",
    "title": "Nur zum Ansehen",
    "body": "## Am Damm\n\n**fett** <script>alert(1)</script>",
}


def test_what_is_typed_is_shown_as_hikers_would_see_it_and_kept_nowhere(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    page = office.signed_in("ute").post(f"{PAGE}/preview", data=TYPED).text
    assert '<main id="inhalt"' in page, "the hikers' template"
    assert "Nur zum Ansehen" in page
    assert "<h2>Am Damm</h2>" in page
    assert "<strong>fett</strong>" in page
    assert "<script>alert" not in page
    assert versions(office.database) == []


def test_a_preview_stands_within_our_own_pages_only_and_runs_nothing(office: Office) -> None:
    save(office.database, pond())
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    for answer in (ute.post(f"{PAGE}/preview", data=TYPED), ute.get(f"{PAGE}/preview")):
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'self'" in policy
        assert "script-src 'none'" in policy
        assert "form-action 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
    editor = ute.get(PAGE).headers["content-security-policy"]
    assert "frame-src 'self'" in editor
    assert "frame-ancestors 'none'" in editor


def test_nobody_sees_a_preview_without_signing_in(office: Office) -> None:
    save(office.database, pond(title="Geheim"))
    for answer in (office.visitor().get(f"{PAGE}/preview"), office.visitor().post(f"{PAGE}/preview", data=TYPED)):
        assert answer.status_code in {303, 401}
        assert "Geheim" not in answer.text


def test_the_trail_and_other_languages_have_a_preview_too(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    english = ute.post(f"/staff/content/stations/{POND}/en/preview", data={**TYPED, "title": "Just looking"})
    assert "Just looking" in english.text
    assert '<html lang="en">' in english.text
    trail = ute.post("/staff/content/trails/stadtwald/de/preview", data={**TYPED, "title": "Der Wald"})
    assert trail.status_code == 200
    assert "Der Wald" in trail.text


def test_what_has_no_text_yet_has_nothing_to_look_at(office: Office) -> None:
    hire(office.database, "ute", Role.EDITOR)
    assert office.signed_in("ute").get(f"{PAGE}/preview").status_code == 204
