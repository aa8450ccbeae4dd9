"""Which voice a visitor reads: by ``?lang=``, else by what the browser prefers. Nothing is stored for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from geodata.vocabulary.languages import DEFAULT, VARIANTS, delivered, html_tag, interface, of_browser

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Choice:
    """The ``variant`` to show; ``explicit`` when the address asks for it: then links must keep asking."""

    variant: str
    explicit: bool = False

    @property
    def interface(self) -> str:
        """The language of the interface's own texts: never a voice."""
        return interface(self.variant)

    @property
    def html_lang(self) -> str:
        """The BCP 47 tag of the interface's language."""
        return html_tag(self.interface)

    def link(self, path: str, **query: str) -> str:
        """``path`` within this site, in the same voice; ``path`` may end in a #fragment."""
        path, hash_sign, fragment = path.partition("#")
        if self.explicit:
            query["lang"] = self.variant
        return path + (f"?{urlencode(query)}" if query else "") + hash_sign + fragment


def choose(asked: str | None, accept_language: str) -> Choice:
    """What to show for ``?lang=asked`` and the header Accept-Language; an unknown ``asked`` counts as none."""
    if asked in VARIANTS:
        return Choice(asked, explicit=True)
    return Choice(_preferred(accept_language))


def _preferred(accept_language: str) -> str:
    if not accept_language:
        return DEFAULT
    best, best_weight = DEFAULT, 0.0
    for part in accept_language[:200].split(","):
        tag, _, parameter = part.strip().partition(";")
        variant, weight = of_browser(tag), _weight(parameter)
        if variant is not None and weight > best_weight:
            best, best_weight = variant, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def pick(contents: dict[str, Content], variant: str) -> tuple[Content | None, str]:
    """The content for a variant, or for its fallback, and the HTML language it is really in."""
    best = delivered(contents, variant)
    return (None, html_tag(variant)) if best is None else (contents[best], html_tag(best))
