"""Draw the pictures of the demonstration trail: flat shapes in the colours of the pages, written as PNG.

Usage: .venv/bin/python tools/draw_pictures.py [FOLDER]
They are drawings and say so: nobody could mistake them for the real place. The same code draws the same picture.
"""

from __future__ import annotations

import io
import math
import random
import sys
from itertools import pairwise
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

CONTENT = Path(__file__).parents[1] / "geodata/trails/stadtwald/content"
WIDTH, HEIGHT = 1600, 1000
COLOURS = 64

SKY, SUN, FAR, MIDDLE, NEAR, DARK = "#f1ecd9", "#f6d9a0", "#b9ccb0", "#86a98a", "#4d7f5a", "#24522f"
BLUE, RUST, LIGHT = "#1a4f7a", "#b3772e", "#6d8f45"
WATER, SHINE, BARK, WOOD, PALE_WOOD, REED = "#7fa3a8", "#cfe0de", "#5b3d29", "#8a6743", "#b8946a", "#93913f"


def circle(x: float, y: float, r: float, fill: str) -> str:
    """A disc."""
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}" fill="{fill}"/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, turn: float = 0) -> str:
    """An ellipse, turned by degrees."""
    turned = f' transform="rotate({turn:.0f} {x:.0f} {y:.0f})"' if turn else ""
    return f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{rx:.0f}" ry="{ry:.0f}" fill="{fill}"{turned}/>'


def area(path: str, fill: str) -> str:
    """A filled path."""
    return f'<path d="{path}" fill="{fill}"/>'


def shape(points: list[tuple[float, float]], fill: str) -> str:
    """A polygon."""
    return f'<polygon points="{" ".join(f"{x:.0f},{y:.0f}" for x, y in points)}" fill="{fill}"/>'


def curve(path: str, stroke: str, width: float) -> str:
    """A line with round ends."""
    return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width:.1f}" stroke-linecap="round"/>'


def hill(base: float, swing: float, phase: float, fill: str) -> str:
    """A ridge from side to side."""
    top = [
        (x, base + swing * math.sin(x / 260 + phase) + swing * 0.4 * math.sin(x / 97 + 2 * phase))
        for x in range(0, WIDTH + 1, 20)
    ]
    return shape([(0, HEIGHT), *top, (WIDTH, HEIGHT)], fill)


def spruce(x: float, foot: float, height: float, fill: str) -> str:
    """A spruce of four layers."""
    trunk = shape(
        [(x + dx * height * 0.02, foot - dy * height) for dx, dy in ((-1, 0), (-1, 0.1), (1, 0.1), (1, 0))], BARK
    )
    for w, low, high in ((0.21, 0.08, 0.5), (0.17, 0.3, 0.68), (0.13, 0.5, 0.85), (0.08, 0.68, 1.0)):
        half, edge = height * w, foot - height * low
        trunk += shape([(x - half, edge), (x, foot - height * high), (x + half, edge)], fill)
    return trunk


def leaf_tree(x: float, foot: float, height: float, fill: str, chance: random.Random) -> str:
    """A broad-leaved tree: a trunk and a crown of discs."""
    parts = [
        shape(
            [
                (x - height * 0.03, foot),
                (x - height * 0.015, foot - height * 0.6),
                (x + height * 0.015, foot - height * 0.6),
                (x + height * 0.03, foot),
            ],
            BARK,
        )
    ]
    for _ in range(9):
        angle, reach = chance.uniform(0, math.tau), height * chance.uniform(0.02, 0.17)
        parts.append(
            circle(x + reach * math.cos(angle), foot - height * 0.72 + reach * math.sin(angle), height * 0.15, fill)
        )
    return "".join(parts)


def blades(x: float, foot: float, count: int, height: float, fill: str, chance: random.Random) -> str:
    """A tuft of grass or reed."""
    parts: list[str] = []
    for _ in range(count):
        root, lean, tall = x + chance.uniform(-34, 34), chance.uniform(-46, 46), height * chance.uniform(0.55, 1)
        parts.append(
            curve(
                f"M{root:.0f} {foot:.0f}Q{root:.0f} {foot - tall * 0.6:.0f} {root + lean:.0f} {foot - tall:.0f}",
                fill,
                6,
            )
        )
    return "".join(parts)


def forest(foot: float, height: float, fill: str, chance: random.Random, step: int) -> str:
    """A row of mixed trees."""
    parts: list[str] = []
    for x in range(-20, WIDTH + 40, step):
        place, tall = x + chance.uniform(-step / 3, step / 3), height * chance.uniform(0.75, 1.1)
        level = foot + chance.uniform(-10, 10)
        parts.append(
            spruce(place, level, tall, fill) if chance.random() < 0.4 else leaf_tree(place, level, tall, fill, chance)
        )
    return "".join(parts)


def ponds() -> str:
    """A pond before a forest, with reeds and a dragonfly."""
    chance = random.Random(4)
    parts = [
        circle(1210, 250, 95, SUN),
        hill(430, 34, 0.4, FAR),
        forest(520, 190, MIDDLE, chance, 74),
        hill(515, 14, 2.2, MIDDLE),
        forest(590, 270, NEAR, chance, 118),
        hill(585, 10, 1.1, NEAR),
        area("M-20 690Q300 590 800 612T1620 665V880Q1200 960 700 940T-20 985Z", WATER),
    ]
    for _ in range(34):
        x, y = chance.uniform(0, 1600), chance.uniform(660, 910)
        parts.append(curve(f"M{x:.0f} {y:.0f}h{chance.uniform(40, 190):.0f}", SHINE, chance.choice((3, 5, 7))))
    parts.append(area("M-20 1020V940Q240 880 520 952T1100 940T1620 900V1020Z", DARK))
    tufts = (50, 120, 200, 290, 1240, 1330, 1420, 1500, 1570)
    parts += [blades(x, 985, 9, 330, chance.choice((REED, NEAR, DARK)), chance) for x in tufts]
    for x, y in ((150, 690), (248, 640), (1375, 655), (1480, 610)):
        parts.append(curve(f"M{x} 985Q{x - 8} {y + 150} {x} {y}", REED, 7) + curve(f"M{x} {y + 12}v70", BARK, 24))
    parts.append(dragonfly(420, 215))
    return "".join(parts)


def dragonfly(x: float, y: float) -> str:
    """A dragonfly in the air, flying to the right."""
    wings = ""
    for turn in (-1.15, -1.9, 1.15, 1.9):
        middle = (x + 64 * math.cos(turn), y + 64 * math.sin(turn))
        wings += ellipse(*middle, 68, 17, DARK, math.degrees(turn)) + ellipse(
            *middle, 64, 13, SHINE, math.degrees(turn)
        )
    body = curve(f"M{x + 34} {y}h-150", BLUE, 14) + circle(x + 46, y, 17, BLUE)
    return f'<g transform="rotate(-18 {x} {y})">{wings}{body}</g>'


def boardwalk() -> str:
    """A boardwalk that leads through wet alder forest."""
    chance = random.Random(2)
    parts = [
        hill(470, 16, 0.9, FAR),
        forest(520, 230, FAR, chance, 66),
        hill(505, 8, 1.9, MIDDLE),
        forest(560, 300, MIDDLE, chance, 104),
        hill(548, 6, 0.2, NEAR),
    ]
    for _ in range(26):
        x, y = chance.uniform(0, 1600), chance.uniform(590, 960)
        wide = (y - 520) * 0.5
        parts.append(ellipse(x, y, wide, wide * 0.13, WATER))
        parts.append(curve(f"M{x - wide * 0.4:.0f} {y:.0f}h{wide * 0.5:.0f}", SHINE, 4))
    steps = [(1 - i / 30) ** 1.9 for i in range(31)]
    edge = [(800 + 150 * math.sin(3.2 * (1 - s)) * (1 - s) ** 0.6, 556 + 470 * s, 24 + 330 * s) for s in steps]
    for (x1, y1, w1), (x2, y2, w2) in reversed(list(pairwise(edge))):
        fill = chance.choice((WOOD, WOOD, PALE_WOOD, "#9c784f"))
        gap = (y1 - y2) * 0.1
        parts.append(shape([(x1 - w1, y1), (x1 + w1, y1), (x2 + w2, y2), (x2 - w2, y2)], BARK))
        parts.append(shape([(x1 - w1, y1 - gap), (x1 + w1, y1 - gap), (x2 + w2, y2), (x2 - w2, y2)], fill))
    for x, foot, size in (
        (120, 800, 62),
        (330, 690, 38),
        (1260, 700, 40),
        (1480, 820, 66),
        (1130, 630, 24),
        (470, 630, 22),
    ):
        parts.append(alder(x, foot, size))
    tufts = [x for x in range(20, 1600, 62) if abs(x - 800) > 330]
    parts += [blades(x, 1000, 7, chance.uniform(90, 210), chance.choice((DARK, NEAR, REED)), chance) for x in tufts]
    return "".join(parts)


def alder(x: float, foot: float, size: float) -> str:
    """A trunk that leaves the picture at its top, with two dead branches."""
    return (
        shape(
            [
                (x - size, foot),
                (x - size * 0.55, foot - size),
                (x - size * 0.4, -20),
                (x + size * 0.4, -20),
                (x + size * 0.55, foot - size),
                (x + size, foot),
            ],
            BARK,
        )
        + curve(
            f"M{x} {foot * 0.45:.0f}q{size * 1.6:.0f} {-size * 0.6:.0f} {size * 2.3:.0f} {-size * 1.9:.0f}",
            BARK,
            size * 0.22,
        )
        + curve(
            f"M{x} {foot * 0.28:.0f}q{-size * 1.5:.0f} {-size * 0.4:.0f} {-size * 2.1:.0f} {-size * 1.5:.0f}",
            BARK,
            size * 0.2,
        )
        + curve(f"M{x - size * 0.16:.0f} {foot - size * 1.4:.0f}V{foot * 0.2:.0f}", WOOD, size * 0.1)
    )


def oaks() -> str:
    """An old oak, leaves and acorns beneath it."""
    chance = random.Random(1)
    trunk = "M800 850Q905 780 912 620Q916 500 872 330H1008Q985 520 992 620Q1004 780 1120 850Q960 826 800 850Z"
    parts = [circle(330, 240, 80, SUN), hill(560, 22, 0.2, FAR), forest(640, 230, MIDDLE, chance, 92)]
    parts += [hill(640, 12, 1.4, MIDDLE), hill(760, 16, 2.4, NEAR), area(trunk, BARK), crown(950, 255, chance)]
    furrows = ("M936 760q-8 -90 2 -170", "M968 790q10 -110 2 -200", "M905 800q24 -60 26 -120")
    parts += [curve(path, WOOD, 7) for path in furrows]
    parts.append(area("M-20 1020V850Q420 800 860 822T1620 830V1020Z", DARK))
    for _ in range(90):
        x, y, turn = chance.uniform(10, 1590), chance.uniform(872, 985), chance.uniform(0, 180)
        parts.append(ellipse(x, y, 19, 8, chance.choice((REED, RUST, PALE_WOOD)), turn))
    for x, y in ((300, 930), (520, 960), (1240, 925), (1380, 962), (690, 915)):
        parts.append(ellipse(x, y, 15, 22, PALE_WOOD) + area(f"M{x - 18} {y - 8}q18 -30 36 0z", BARK))
    return "".join(parts)


def crown(x: float, y: float, chance: random.Random) -> str:
    """The crown of a large tree: light discs upon dark ones."""
    places = [
        (dx, dy) for dx in range(-360, 361, 58) for dy in range(-155, 185, 54) if math.hypot(dx / 370, dy / 180) < 1
    ]
    parts: list[str] = []
    for fill, share, rise, wide in ((DARK, 1.0, 0, 66), (NEAR, 0.55, -16, 46), (LIGHT, 0.22, -26, 34)):
        for dx, dy in places:
            if chance.random() < share:
                place = (x + dx + chance.uniform(-14, 14), y + dy + rise + chance.uniform(-12, 12))
                parts.append(circle(*place, wide * chance.uniform(0.85, 1.1), fill))
    return "".join(parts)


PICTURES = {
    "01-unter-den-eichen/eiche.png": oaks,
    "02-holzsteg/holzsteg.png": boardwalk,
    "04-foersterteiche/teich.png": ponds,
}


def main(folder: Path) -> None:
    """Draw them all into ``folder``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, draw in PICTURES.items():
            size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
            style = f"<style>body {{ margin: 0 }} svg {{ display: block; background: {SKY} }}</style>"
            page.set_content(f"{style}<svg {size}>{draw()}</svg>")
            picture = (
                Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            )
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            picture.save(folder / name, optimize=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CONTENT)
