"""In a real browser with a film for a camera: signs of ours are opened, foreign ones are named and left alone."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from api.http.page_headers import CONTENT_SECURITY_POLICY
from tests.fixtures.web.browser import SWITCHES, Watch, is_foreign
from tests.fixtures.web.hikers import PONDS, Hikers

NewPage = Callable[..., Page]


def film_of(text: str, file: Path) -> Path:
    """A camera that shows a QR code, as a film of pictures (Motion JPEG)."""
    code = io.BytesIO()
    segno.make(text, error="q").save(code, kind="png", scale=6, border=4)
    picture = Image.new("RGB", (640, 480), "#8a9a7b")
    shown = Image.open(code).convert("RGB")
    picture.paste(shown, ((640 - shown.width) // 2, (480 - shown.height) // 2))
    frame = io.BytesIO()
    picture.save(frame, "JPEG", quality=90)
    file.write_bytes(frame.getvalue() * 4)
    return file


@contextmanager
def before_camera(browser: Browser, watch: Watch, text: str) -> Generator[Page]:
    """A page of a Chromium whose camera sees ``text`` as a QR code."""
    with TemporaryDirectory(prefix="camera-") as folder:
        film = film_of(text, Path(folder) / "sign.mjpeg")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
        chromium = browser.browser_type.launch(
            executable_path="/usr/bin/chromium",
            args=[*SWITCHES, *sandbox, *camera],
            env={**os.environ, "TMPDIR": folder},
        )
        context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="de-DE", permissions=["camera"])
        context.set_default_timeout(20_000)
        context.on("console", watch.on_console)
        context.route(is_foreign, watch.on_foreign_request)
        page = context.new_page()
        page.on("pageerror", watch.on_page_error)
        yield page
        chromium.close()


def test_a_sign_before_the_camera_opens_its_station_and_stamps_it(
    hikers: Hikers, browser: Browser, watch: Watch
) -> None:
    with before_camera(browser, watch, f"{hikers.url}/s/{PONDS}".upper().replace("HTTP", "http")) as page:
        page.goto(f"{hikers.url}/t/stadtwald/stamps")
        page.get_by_role("button", name="Stempel sammeln").click()
        page.goto(f"{hikers.url}/scan?lang=en")
        page.get_by_role("button", name="Switch the camera on").click()
        page.wait_for_url(f"**/s/{PONDS}?via=sign&lang=en", timeout=30_000)
        expect(page.locator("[data-stamps] b")).to_have_text("Stamp 1 of 10")


def test_a_foreign_address_is_named_and_never_opened(hikers: Hikers, browser: Browser, watch: Watch) -> None:
    with before_camera(browser, watch, f"https://127.0.0.1@stadtwald.example/s/{PONDS}") as page:
        page.goto(f"{hikers.url}/scan")
        page.get_by_role("button", name="Kamera einschalten").click()
        told = page.locator("[data-told]")
        expect(told).to_have_text(
            "Das ist kein Schild dieses Pfads. Öffne es nicht. Es führt zu: stadtwald.example", timeout=30_000
        )
        assert page.url == f"{hikers.url}/scan"
        page.get_by_role("button", name="Kamera ausschalten").click()
        expect(told).to_have_text("Die Kamera ist aus.")
        assert page.evaluate("document.querySelector('video').srcObject") is None


def test_a_code_that_nobody_has_is_said_and_a_hidden_page_looks_at_nothing(
    hikers: Hikers, browser: Browser, watch: Watch
) -> None:
    with before_camera(browser, watch, f"{hikers.url}/s/3DVB45") as page:
        page.goto(f"{hikers.url}/scan")
        page.get_by_role("button", name="Kamera einschalten").click()
        expect(page.locator("[data-told]")).to_contain_text("Diesen Code gibt es nicht", timeout=30_000)
        page.evaluate(
            "Object.defineProperty(document, 'hidden', { value: true });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        expect(page.get_by_role("button", name="Kamera einschalten")).to_be_visible()
        assert page.evaluate("document.querySelector('video').srcObject") is None


def test_without_a_camera_or_its_permission_the_code_is_typed(hikers: Hikers, page: Page) -> None:
    page.goto(f"{hikers.url}/scan")
    page.get_by_role("button", name="Kamera einschalten").click()
    expect(page.locator("[data-told]")).to_contain_text("Tippe die sechs Zeichen ab.")
    page.get_by_label("Code, Nummer oder Adresse auf dem Schild").fill(PONDS.lower())
    page.get_by_role("button", name="Öffnen").click()
    page.wait_for_url(f"**/s/{PONDS}?via=sign")


def test_nothing_of_the_reader_is_loaded_before_the_press(hikers: Hikers, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{hikers.url}/scan", wait_until="networkidle")
    assert [url for url in asked if "zxing" in url] == []


def test_without_javascript_the_page_offers_the_code_alone(hikers: Hikers, new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto(f"{hikers.url}/scan")
    expect(page.get_by_role("button", name="Kamera einschalten")).to_be_hidden()
    page.get_by_label("Code, Nummer oder Adresse auf dem Schild").fill(PONDS)
    page.get_by_role("button", name="Öffnen").click()
    page.wait_for_url(f"**/s/{PONDS}?via=sign")


def test_the_camera_and_webassembly_are_for_this_page_alone(hikers: Hikers) -> None:
    scan, station = hikers.get("/scan").headers, hikers.get(f"/s/{PONDS}").headers
    assert "camera=(self)" in scan["permissions-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in scan["content-security-policy"]
    assert "camera=()" in station["permissions-policy"]
    assert "wasm" not in station["content-security-policy"]
    assert "wasm" not in CONTENT_SECURITY_POLICY


SEEN = """
const canvas = document.createElement("canvas");
setInterval(() => canvas.getContext("2d").fillRect(0, 0, 64, 64), 50);
navigator.mediaDevices.getUserMedia = async () => {
  await window.leave;
  return window.stream = canvas.captureStream(10);
};
window.seen = [];
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.seen.map((rawValue) => ({ rawValue })); }
};
"""
"""A camera and a reader of codes that see what the test says."""
CAMERA_IS_ON = (
    "window.stream?.getTracks()[0].readyState === 'live' && document.querySelector('video').srcObject !== null"
)


@pytest.fixture
def looking(hikers: Hikers, page: Page) -> Page:
    """The page whose camera sees what is in ``window.seen``, before the press."""
    page.add_init_script(SEEN)
    page.goto(f"{hikers.url}/scan")
    return page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("javascript:alert(1)", "Das ist kein Schild einer Station."),
        ("data:text/html,<script>alert(1)</script>", "Das ist kein Schild einer Station."),
        ("<img src=x onerror=alert(1)>", "Das ist kein Schild einer Station."),
        ("4", "Das ist kein Schild einer Station."),
        ("x" * 4000, "Das ist kein Schild einer Station."),
        ("{site}/t/stadtwald", "Das ist kein Schild einer Station."),
        ("{site}/s/%E0%A4%A", "Diesen Code gibt es nicht. Sieh noch einmal auf das Schild."),
        ("{site}/s/" + "3" * 2000, "Diesen Code gibt es nicht. Sieh noch einmal auf das Schild."),
        ("https://$&.example/s/3DVB54", "Das ist kein Schild dieses Pfads. Öffne es nicht. Es führt zu: $&.example"),
        (
            f"https://{'a' * 900}.example/",
            f"Das ist kein Schild dieses Pfads. Öffne es nicht. Es führt zu: {'a' * 900}.example",
        ),
    ],
    ids=lambda text: text[:24],
)
def test_whatever_stands_in_a_code_is_told_and_the_camera_looks_on(
    hikers: Hikers, looking: Page, text: str, sentence: str
) -> None:
    looking.evaluate("text => { window.seen = [text] }", text.replace("{site}", hikers.url))
    looking.get_by_role("button", name="Kamera einschalten").click()
    expect(looking.locator("[data-told]")).to_have_text(sentence)
    assert looking.evaluate(CAMERA_IS_ON)
    assert looking.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    looking.evaluate(
        "text => { window.seen = ['https://elsewhere.example/', text] }", f"{hikers.url}/s/{PONDS.lower()}"
    )
    looking.wait_for_url(f"**/s/{PONDS}?via=sign")


def test_a_camera_that_comes_on_after_somebody_went_away_goes_off(looking: Page) -> None:
    looking.evaluate("() => { window.leave = new Promise(done => { window.give = done }) }")
    looking.get_by_role("button", name="Kamera einschalten").click()
    looking.evaluate("Object.defineProperty(document, 'hidden', { value: true }); window.give()")
    expect(looking.get_by_role("button", name="Kamera einschalten")).to_be_visible()
    assert not looking.evaluate(CAMERA_IS_ON)


def test_a_camera_that_was_stopped_before_it_came_on_stays_off(looking: Page) -> None:
    looking.evaluate("() => { window.leave = new Promise(done => { window.give = done }) }")
    looking.get_by_role("button", name="Kamera einschalten").click()
    looking.get_by_role("button", name="Kamera ausschalten").click()
    looking.evaluate("async () => { window.give(); await window.leave; await 0 }")
    expect(looking.locator("[data-told]")).to_have_text("Die Kamera ist aus.")
    looking.wait_for_function("() => window.stream")
    assert not looking.evaluate(CAMERA_IS_ON)


def test_a_camera_that_is_taken_away_is_told(looking: Page) -> None:
    looking.get_by_role("button", name="Kamera einschalten").click()
    expect(looking.locator("[data-told]")).to_have_text("Halte das Muster auf dem Schild ins Bild.")
    looking.evaluate("window.stream.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(looking.locator("[data-told]")).to_contain_text("Die Kamera geht gerade nicht.")
    assert not looking.evaluate(CAMERA_IS_ON)
