"""Draw the icons of a trail on a phone's start screen from the site's own icon, as PNG.

Usage: .venv/bin/python tools/draw_icons.py
Phones cut a maskable icon to a circle or another shape: its ground reaches to the edges, its sign stays in the middle.
"""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

STATIC = Path(__file__).parents[1] / "api/webapp/static"
GROUND = "#24522f"


def draw(page: Page, name: str, size: int, *, maskable: bool) -> None:
    """One icon of ``size`` pixels."""
    svg = (STATIC / "favicon.svg").read_text(encoding="utf-8")
    inner = round(size * (0.7 if maskable else 1))
    ground = f"background:{GROUND};" if maskable else ""
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(
        f'<body style="margin:0;{ground}height:{size}px;display:grid;place-items:center">'
        f'<div style="width:{inner}px;height:{inner}px">{svg}</div>'
    )
    page.screenshot(path=STATIC / "icons" / name, omit_background=True)


def main() -> None:
    """Draw all of them."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=sandbox)
        page = browser.new_page()
        draw(page, "icon-192.png", 192, maskable=False)
        draw(page, "icon-512.png", 512, maskable=False)
        draw(page, "icon-maskable-512.png", 512, maskable=True)
        browser.close()


if __name__ == "__main__":
    main()
