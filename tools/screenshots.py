"""Take the pictures of docs/pictures from a running demonstration: every main page, phone and desk, light and dark.

Usage: .venv/bin/python tools/screenshots.py http://127.0.0.1:8080 STAFF_NAME PASSWORD
The staff login must have its own password already (not the one-time one). Pictures are reduced to 128 colours.
"""

from __future__ import annotations

import io
import json
import sys
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs/pictures"
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
SOFTWARE_WEBGL = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
SHOWN_PICTURES = """() => Promise.all([...document.images]
    .filter((image) => image.getBoundingClientRect().top < innerHeight).map((image) => image.decode()))"""
POND = 4  # the station whose page is shown


def main(base: str, name: str, password: str) -> None:
    """Take them all."""
    with urllib.request.urlopen(f"{base}/api/v1/stations?trail=stadtwald") as answer:
        stations = json.load(answer)["features"]
    code = next(one["properties"]["code"] for one in stations if one["properties"]["number"] == POND)
    pages = {"station": f"/s/{code}?lang=de", "trail": "/t/stadtwald?lang=de", "staff": "/staff/"}
    for_visitors = {
        "map": "/t/stadtwald/map?lang=de",
        "offline": "/t/stadtwald/offline?lang=de",
        "help": "/t/stadtwald/help?lang=de",
        "stamps": "/t/stadtwald/stamps?lang=de",
        "report": f"/s/{code}/report?lang=de",
        "plain": f"/s/{code}?lang=de_simple",
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", *SOFTWARE_WEBGL]
        )
        for page, path in pages.items():
            for size in SIZES:
                for theme in ("light", "dark"):
                    login = (name, password) if page == "staff" else None
                    take(browser, base + path, FOLDER / f"{page}-{size}-{theme}.png", size, theme, login)
        for page, path in for_visitors.items():
            take(browser, base + path, FOLDER / f"visitor-{page}.png", "phone", "light", None)
        browser.close()


def take(browser: Browser, url: str, file: Path, size: str, theme: str, login: tuple[str, str] | None) -> None:
    """One picture of what the first screen shows."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light", locale="de-DE"
    )
    page = context.new_page()
    page.goto(url)
    if login:
        page.fill("input[name=name]", login[0])
        page.fill("input[name=password]", login[1])
        page.click("main form button")
        page.wait_for_url("**/staff/")
    page.evaluate(SHOWN_PICTURES)
    if "/offline" in url:
        page.locator("[data-press=take]:enabled").wait_for()
    if "/map" in url:
        page.locator(".sheet[data-map=moving]").wait_for()
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).quantize(128)
    picture.save(file, optimize=True)
    context.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
