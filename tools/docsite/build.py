"""Runs the generator once in each language of the pages: its own words it says in one language for a whole site."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.docsite import menu
from tools.docsite.staging import documents, stage

GERMAN = "docs/de"
"""The folder whose pages are German; all others are English."""

MERMAID = Path(__file__).parent / "node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js"
"""Draws the diagrams in a page; without it the generator's own script would load one from a foreign host."""

_NATURAL_SIZE = Path(__file__).parent / "natural_size.js"
_DRAWING = re.compile(r'\s*<script src="[^"]*assets/mermaid\.js"></script>')
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_NO_SUBSCRIPT = {"subscript": False}
_TABLE_OF_CONTENTS = {"permalink": True, "slugify": {"object": "pymdownx.slugs.slugify", "kwds": {"case": "lower"}}}
_EXTENSIONS: dict[str, object] = {
    "pymdownx.betterem": {},
    "pymdownx.highlight": {"pygments_lang_class": True},
    "pymdownx.superfences": {"custom_fences": [{"name": "mermaid", "class": "mermaid"}]},
    "pymdownx.magiclink": {},
    "pymdownx.tilde": _NO_SUBSCRIPT,
    "sane_lists": {},
    "tables": {},
    "toc": _TABLE_OF_CONTENTS,
}
"""What the forge reads too, and nothing else: a sign that means something here alone would look wrong there."""

_FEATURES = [
    *("content.code.copy", "navigation.footer", "navigation.indexes", "navigation.path", "navigation.tabs"),
    *("navigation.top", "search.highlight", "toc.follow"),
]
_PALETTES = [
    ("(prefers-color-scheme)", "default", "lucide/sun-moon", {"en": "Switch to light", "de": "Zu hell wechseln"}),
    ("(prefers-color-scheme: light)", "default", "lucide/sun", {"en": "Switch to dark", "de": "Zu dunkel wechseln"}),
    ("(prefers-color-scheme: dark)", "slate", "lucide/moon", {"en": "Follow the system", "de": "Wie das System"}),
]


def build(root: Path, folder: Path) -> Path:
    """Build the site of the repository ``root`` below ``folder``, which is emptied; the path of what can be handed on.

    Raises:
        SystemExit: The generator warns of something, such as a link to a document that is not there.
    """
    shutil.rmtree(folder, ignore_errors=True)
    entries = menu.read(root / "tools/docsite/menu.toml", documents(root))
    stage(root, folder / "pages")
    assets = Path(__file__).parent / "assets"
    shutil.copytree(assets, folder / "pages/assets")
    if not MERMAID.is_file():
        raise SystemExit("What draws diagrams is not here: run 'tools/mermaid.sh'.")
    drawing = MERMAID.read_text(encoding="utf-8") + _NATURAL_SIZE.read_text(encoding="utf-8")
    (folder / "pages/assets/mermaid.js").write_text(drawing, encoding="utf-8")
    sites = {language: _generate(folder, language, entries) for language in ("en", "de")}
    for page in (sites["de"] / GERMAN).rglob("*.html"):
        shutil.copyfile(page, sites["en"] / page.relative_to(sites["de"]))
    site = folder / "site"
    sites["en"].rename(site)
    for page in site.rglob("*.html"):
        _without_drawing(page)
    return site


def _without_drawing(page: Path) -> None:
    """Take the script that draws out of a page without a diagram: it is two megabytes."""
    text = page.read_text(encoding="utf-8")
    if '<pre class="mermaid">' not in text:
        page.write_text(_DRAWING.sub("", text), encoding="utf-8")


def _generate(folder: Path, language: str, entries: list[menu.Entry]) -> Path:
    # JSON is YAML: the generator takes its configuration as one of TOML and YAML
    config = folder / f"{language}.yml"
    config.write_text(json.dumps(_configuration(language, entries), indent=1), encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", config]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = _COLOUR.sub("", done.stdout + done.stderr).partition("Traceback")[0].rstrip()
        raise SystemExit(f"zensical finds fault with the documents:\n{said}")
    return folder / language


def _configuration(language: str, entries: list[menu.Entry]) -> dict[str, object]:
    return {
        "site_name": "Digitalpfad",
        "docs_dir": "pages",
        "site_dir": language,
        "nav": entries,
        "theme": {
            "font": False,
            "language": language,
            "features": _FEATURES,
            "icon": {"logo": "lucide/trees"},
            "palette": [
                {
                    "media": media,
                    "scheme": scheme,
                    "primary": "custom",
                    "accent": "custom",
                    "toggle": {"icon": icon, "name": names[language]},
                }
                for media, scheme, icon, names in _PALETTES
            ],
        },
        "extra": {
            "homepage": "./index.html" if language == "en" else f"./{GERMAN}/index.html",
            # what has this name the generator loads from a foreign host, where none is given
            "polyfills": [{"path": "assets/iframe-worker.js"}],
        },
        "extra_css": ["assets/digitalpfad.css"],
        "extra_javascript": ["assets/scrolling.js", "assets/mermaid.js"],
        "plugins": [{"search": {}}, {"offline": {}}],
        "markdown_extensions": [{name: options} if options else name for name, options in _EXTENSIONS.items()],
    }
