"""Pictures, sound and films of a text: each change is a draft, and no draft's file is in anybody else's reach."""

from __future__ import annotations

import re

from geodata.model.content import StationContent
from geodata.model.media import Picture
from geodata.model.staff import Role
from geodata.store.access import audit
from tests.dashboards.content.written import PAGE, POND, jpeg, pond, reasons, save, versions
from tests.dashboards.office import Office, hire

RIGHTS = {"author": "Ute", "licence": "CC-BY-4.0", "year": "2026"}
GIVEN = {"media": "", "alt": "Ein Teich", "consent": "y", **RIGHTS}


def pictures(office: Office) -> tuple[Picture, ...]:
    text = versions(office.database)[-1].text
    assert isinstance(text, StationContent)
    return text.pictures


def editor(office: Office) -> None:
    save(office.database, pond(), publish=True)
    hire(office.database, "ute", Role.EDITOR)


def test_a_picture_becomes_part_of_a_draft_with_words_and_rights(office: Office) -> None:
    editor(office)
    ute = office.signed_in("ute")
    files = {"file": ("C:\\Bilder\\Mein Teich.PNG", jpeg(), "image/png")}
    answer = ute.post(f"{PAGE}/media/picture", data=GIVEN, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}/media")
    (picture,) = pictures(office)
    assert (picture.file, picture.alt, picture.author, picture.licence, picture.year) == (
        "Mein-Teich.jpg", "Ein Teich", "Ute", "CC-BY-4.0", 2026,
    )  # fmt: skip
    assert versions(office.database)[-1].published_at is None
    page = ute.get(f"{PAGE}/media").text
    src = re.findall(r'<img src="([^"]+)"', page)[0]
    shown = ute.get(src)
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.content.startswith(b"\xff\xd8")
    assert src in ute.get(f"{PAGE}/preview").text, "the preview shows it"
    with office.database.transaction() as connection:
        entry = audit.newest(connection, 1)[0]
    assert (entry.action, entry.after) == ("content-save", "picture Mein-Teich.jpg, consent")


def test_a_draft_s_picture_is_served_to_nobody_without_a_login_nor_under_another_station(office: Office) -> None:
    editor(office)
    ute = office.signed_in("ute")
    ute.post(f"{PAGE}/media/picture", data=GIVEN, files={"file": ("a.jpg", jpeg(), "image/jpeg")})
    media = pictures(office)[0].media
    path = f"/staff/content/stations/{POND}/media/{media}/480.jpg"
    assert ute.get(path).status_code == 200
    assert office.visitor().get(path).status_code == 303
    assert ute.get(path.replace(POND, "K7YNX0")).status_code == 404
    assert media not in office.keeper.current.catalogue.media


def test_the_point_that_matters_is_kept_and_shown_as_a_crop(office: Office) -> None:
    editor(office)
    ute = office.signed_in("ute")
    ute.post(f"{PAGE}/media/picture", data=GIVEN, files={"file": ("a.jpg", jpeg(), "image/jpeg")})
    media = pictures(office)[0].media
    answer = ute.post(
        f"{PAGE}/media/picture",
        data={**GIVEN, "media": media, "focus_x": "90", "focus_y": "10"},
        files={"file": ("", b"", "application/octet-stream")},
    )
    assert answer.status_code == 303
    assert pictures(office)[0].focus == (90, 10)
    assert 'viewBox="160 0 480 480"' in ute.get(f"{PAGE}/media").text, "the square at the right edge"


def test_without_consent_no_file_is_taken_and_all_that_was_typed_stays(office: Office) -> None:
    editor(office)
    given = {**GIVEN, "consent": "", "alt": "Zwei Kinder am Teich"}
    answer = office.signed_in("ute").post(
        f"{PAGE}/media/picture", data=given, files={"file": ("a.jpg", jpeg(), "image/jpeg")}
    )
    assert answer.status_code == 422
    assert "Ohne dieses Einverständnis" in answer.text
    assert "Zwei Kinder am Teich" in answer.text
    assert pictures(office) == ()


def test_what_is_no_picture_is_refused_with_what_to_do(office: Office) -> None:
    editor(office)
    ute = office.signed_in("ute")
    for data, said in ((b"GIF89a" + b"x" * 200, "GIF"), (jpeg(100, 80), "480")):
        answer = ute.post(f"{PAGE}/media/picture", data=GIVEN, files={"file": ("a.jpg", data, "image/jpeg")})
        assert answer.status_code == 422
        assert said in answer.text
        assert "Ein Teich" in answer.text
    assert pictures(office) == ()


def test_what_is_too_large_is_told_and_never_kept(office: Office) -> None:
    editor(office)
    huge = jpeg() + b"\0" * 25_000_001
    answer = office.signed_in("ute").post(
        f"{PAGE}/media/picture", data=GIVEN, files={"file": ("a.jpg", huge, "image/jpeg")}
    )
    assert answer.status_code == 422
    assert "größer als 25 MB" in answer.text


def test_a_picture_is_replaced_and_removed_and_earlier_versions_keep_it(office: Office) -> None:
    editor(office)
    ute = office.signed_in("ute")
    ute.post(f"{PAGE}/media/picture", data=GIVEN, files={"file": ("a.jpg", jpeg(), "image/jpeg")})
    first = pictures(office)[0].media
    blue = {"file": ("b.jpg", jpeg(colour="blue"), "image/jpeg")}
    assert ute.post(f"{PAGE}/media/picture", data={**GIVEN, "media": first}, files=blue).status_code == 303
    second = pictures(office)[0].media
    assert second != first
    assert ute.post(f"{PAGE}/media/picture/remove?media={first}").status_code == 303
    assert len(pictures(office)) == 1, "the one that was meant is gone already"
    ute.post(f"{PAGE}/media/picture/remove?media={second}")
    assert pictures(office) == ()
    assert ute.get(f"/staff/content/stations/{POND}/media/{first}/480.jpg").status_code == 200


def test_two_who_change_the_same_picture_do_not_write_over_each_other(office: Office) -> None:
    editor(office)
    ute = office.signed_in("ute")
    ute.post(f"{PAGE}/media/picture", data=GIVEN, files={"file": ("a.jpg", jpeg(), "image/jpeg")})
    late = ute.post(f"{PAGE}/media/picture", data=GIVEN, files={"file": ("b.jpg", jpeg(colour="red"), "image/jpeg")})
    assert late.status_code == 409
    assert "gerade geändert" in late.text
    assert len(pictures(office)) == 1


def test_what_a_picture_lacks_is_said_beside_it_and_forbids_publishing(office: Office) -> None:
    editor(office)
    ute = office.signed_in("ute")
    bare = {"media": "", "consent": "y"}
    ute.post(f"{PAGE}/media/picture", data=bare, files={"file": ("a.jpg", jpeg(), "image/jpeg")})
    missing = {"picture-without-alt", "picture-without-author", "picture-without-licence", "picture-without-year"}
    assert reasons(ute.get(f"{PAGE}/media").text) == missing
    assert "fehlt noch etwas" in ute.get(PAGE).text
    number = str(versions(office.database)[-1].number)
    text = {"title": "T", "lead": "L", "body": "B", "source": "S", "begun_with": number, "then": "publish"}
    assert ute.post(PAGE, data=text).headers["location"].endswith("notice=refused")
