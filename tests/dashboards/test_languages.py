"""The staff pages in two languages: the catalogue holds exactly what the code says, a request speaks one of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from api.languages.texts import LOCALE
from dashboards import languages
from dashboards.languages import STAFF_LOCALE
from tests.api.languages.test_texts import KEYWORDS, METHODS, Key
from tests.api.languages.test_texts import places as places_for_values
from tests.dashboards.office import Office, hire

FOLDER = Path(languages.__file__).parent


def keys_in_the_code() -> Iterator[Key]:
    yield from said_with(KEYWORDS, *METHODS)
    for one, many in (*counted_in_python(), *said_with({"count": (2, 3)}, ".html")):
        yield f"%(number)s {one}", f"%(number)s {many}"


def said_with(keywords: Mapping[str, tuple[int, ...] | None], *suffixes: str) -> Iterator[Key]:
    for path in FOLDER.rglob("*"):
        if path.suffix in suffixes:
            with path.open("rb") as source:
                for _, message, _, _ in extract(METHODS[path.suffix], source, keywords=keywords):
                    yield message if isinstance(message, str) else tuple(message)


def counted_in_python() -> Iterator[tuple[str, str]]:
    """Both forms of each ``words.count(amount, "one", "many")``, also where an amount is itself called ``count``."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="count") | ast.Name(id="count"),
                    args=[_, ast.Constant(value=str(one)), ast.Constant(value=str(many))],
                ):
                    yield one, many
                case _:
                    pass


def entries(folder: Path) -> dict[Key, Key]:
    def key(value: object) -> Key:
        return value if isinstance(value, str) else tuple(cast("list[str]", value))

    with (folder / "en.po").open("rb") as source:
        catalogue = read_po(source, ignore_obsolete=False)
    return {key(message.id): key(message.string) for message in catalogue if message.id}


def test_every_text_that_is_marked_is_there_in_english() -> None:
    assert set(keys_in_the_code()) - entries(STAFF_LOCALE).keys() - entries(LOCALE).keys() == set()


def test_the_catalogue_translates_nothing_that_nobody_says() -> None:
    assert entries(STAFF_LOCALE).keys() - set(keys_in_the_code()) == set()


def test_translations_are_not_empty_and_keep_the_places_for_values() -> None:
    for german, translated in entries(STAFF_LOCALE).items():
        assert all(translated), german
        assert places_for_values(german) == places_for_values(translated), german


def test_somebody_chooses_a_language_and_goes_on_where_they_were(office: Office) -> None:
    hire(office.database, "anna")
    anna = office.signed_in("anna")
    page = anna.get("/staff/devices")
    assert '<html lang="de">' in page.text
    answer = anna.post("/staff/language", data={"language": "en", "next": "/staff/devices"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/devices")
    page = anna.get("/staff/devices")
    assert '<html lang="en">' in page.text
    assert ">Devices</a>" in page.text
    assert ">Geräte</a>" in office.signed_in("anna").get("/staff/").text, "another's language is their own"


@pytest.mark.parametrize("cookie", ["digitalpfad-language=fr", "digitalpfad-language=", "a=b; {="])
def test_a_language_that_there_is_not_is_german(office: Office, cookie: str) -> None:
    answer = office.visitor().get("/staff/login", headers={"Cookie": cookie})
    assert '<html lang="de">' in answer.text


def test_the_choice_leads_to_no_other_site(office: Office) -> None:
    answer = office.visitor().post("/staff/language", data={"language": "en", "next": "https://else.example/"})
    assert answer.headers["location"] == "/staff/"
