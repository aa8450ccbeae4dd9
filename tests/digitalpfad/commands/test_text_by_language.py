"""Options that are given once for each language."""

from __future__ import annotations

import pytest

from digitalpfad.commands.text_by_language import by_language
from geodata.errors import InvalidInput
from geodata.vocabulary.languages import VARIANTS


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["Bäume liegen quer."], {"de": "Bäume liegen quer."}),
        (["de=Sturm", "en=Storm"], {"de": "Sturm", "en": "Storm"}),
        (["de-simple=Sturm. ", "DE=Sturmschäden"], {"de_simple": "Sturm.", "de": "Sturmschäden"}),
        (["Bis 3 m = Gefahr"], {"de": "Bis 3 m = Gefahr"}),
        (["de=siehe www.lemgo.de/?a=b"], {"de": "siehe www.lemgo.de/?a=b"}),
        ([], {}),
    ],
)
def test_a_text_is_of_the_language_before_it_and_german_without(values: list[str], found: dict[str, str]) -> None:
    assert by_language("--reason", values) == found


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (["Achtung=Nix"], f"--reason is 'Achtung=Nix', expected one of {', '.join(VARIANTS)} before the sign =."),
        (["Achtung=Nix"], "Write it as de=Achtung=Nix."),
        (["en="], "--reason is 'en=', expected a text."),
        (["Sturm", "de=Wind"], "--reason is 'de=Wind', expected one text of de."),
    ],
)
def test_what_is_no_text_of_a_known_language_is_refused(values: list[str], sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        by_language("--reason", values)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "tag", ["fr", "FR", "fra", "pt-BR", "zh_Hans", "de-leicht", "leichte-sprache", "English", "deutsch"]
)
def test_the_name_of_a_language_is_never_offered_as_part_of_a_german_text(tag: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        by_language("--reason", [f"{tag}=Tempête"])
    assert f"{tag} is no language here; languages: {', '.join(VARIANTS)}." in str(refused.value)
    assert f"de={tag}" not in str(refused.value)
