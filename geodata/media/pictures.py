"""Pictures as people give them, to the sizes that phones load: upright, sRGB, without any metadata, AVIF and JPEG."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePath

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from geodata.errors import InvalidInput
from geodata.media.files import wrong_ending
from geodata.media.renditions import Encoded
from geodata.messages.message import message, phrase

WIDTHS = (480, 960, 1600)
MAX_MEGAPIXELS = {"JPEG": 40, "MPO": 40, "PNG": 12, "AVIF": 12, "WEBP": 10}
"""A JPEG is made smaller while it is decoded; the other readers hold the whole picture, that of WebP four times."""

_MOST_PROGRESSIVE = 28  # megapixels; its parts come in several passes, until the last of which all are held at once
_ROUGH_WIDTH, _ROUGH_FROM_PIXELS = 2000, 8_000_000
_TURNED = (5, 6, 7, 8)  # values of Exif's orientation in which width and height change places
_ORIENTATION = 0x0112
_PASS, _FILLER = 0xDA, 0xFF  # markers in a JPEG
_NARROWEST = WIDTHS[0]
_WIDEST_RATIO, _TALLEST_RATIO = 4.0, 0.5
_ENOUGH = 1.15  # a size less than 15 % below the largest would save nothing
_JPEG_QUALITY, _AVIF_QUALITY, _AVIF_SPEED = 80, 50, 7  # speed 6 takes twice as long for 3 % fewer bytes

_ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "WEBP": (".webp",), "AVIF": (".avif",)}
_FORMATS = tuple(_ENDINGS)
_OTHERS = {
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
    b"<svg": "SVG",
    b"<?xm": "SVG",
    b"%PDF": "PDF",
}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
# What Pillow's readers raise at files that are damaged in one way or another.
_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    RuntimeError,
    struct.error,
    zlib.error,
)


def render(data: bytes, place: str) -> tuple[Encoded, ...]:
    """All sizes of a picture, the narrowest first; raises InvalidInput naming ``place``, the file."""
    picture = _flat(_checked(data, place))
    top = min(picture.width, WIDTHS[-1])
    encoded: list[Encoded] = []
    for width in [*(width for width in WIDTHS if width * _ENOUGH < top), top]:
        height = max(round(picture.height * width / picture.width), 1)
        small = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
        encoded += [
            Encoded(f"{width}.avif", "image/avif", _avif(small), width, height),
            Encoded(f"{width}.jpg", "image/jpeg", _jpeg(small), width, height),
        ]
    return tuple(encoded)


def render_one(data: bytes, place: str, edge: int) -> Encoded:
    """A JPEG whose longer side is at most ``edge`` pixels, of a picture of any shape; raises InvalidInput as render().

    What the name says of the format makes no difference, and of several frames the first counts.
    """
    with _damage_named(place):
        image = _opened(data, place)
        _check_size(image, place, is_in_passes=_is_in_passes(image, data))
        scale = min(edge / max(image.size), 1.0)
        image.draft(None, (round(image.width * scale), round(image.height * scale)))  # does nothing but to a JPEG
        image.load()
        image = _rough(image)
        ImageOps.exif_transpose(image, in_place=True)
    picture = _flat(image)
    picture.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=3)
    return Encoded("picture.jpg", "image/jpeg", _jpeg(picture), picture.width, picture.height)


def _checked(data: bytes, place: str) -> Image.Image:
    """The decoded picture, upright, in its own colours."""
    with _damage_named(place):
        image = _opened(data, place)
        _check_kind(image, place)
        _check_size(image, place, is_in_passes=_is_in_passes(image, data))
        upright_size = (image.height, image.width) if _is_turned(image) else image.size
        _check_shape(*upright_size, place)
        least = WIDTHS[-1] / upright_size[0]
        image.draft(None, (round(image.width * least), round(image.height * least)))  # does nothing but to a JPEG
        image.load()
        image = _rough(image)
        ImageOps.exif_transpose(image, in_place=True)
    return image


def _check_size(image: Image.Image, place: str, *, is_in_passes: bool) -> None:
    width, height = image.size
    most = _MOST_PROGRESSIVE if is_in_passes else MAX_MEGAPIXELS[str(image.format)]
    if width * height <= most * 1_000_000:
        return
    size, expected = (
        message("{width} × {height} pixels", width=width, height=height),
        message("at most {most} megapixels", most=most),
    )
    hint = "Save it smaller." if image.format in {"JPEG", "MPO"} else "Save it smaller, or a photograph as JPEG."
    if is_in_passes:
        expected = message("at most {most} megapixels in a progressive JPEG", most=most)
        hint = "Save it smaller, or as a JPEG that is not progressive."
    raise InvalidInput(place, size, expected, hint)


def _is_in_passes(image: Image.Image, data: bytes) -> bool:
    """Whether a JPEG is progressive, or its first pass does not have all its colours."""
    if image.format not in {"JPEG", "MPO"}:
        return False
    if image.info.get("progressive"):
        return True
    at = 2
    while data[at + 1] != _PASS:
        at += 1 if data[at + 1] == _FILLER else 2 + int.from_bytes(data[at + 2 : at + 4])
    return data[at + 4] < len(image.getbands())


def _is_turned(image: Image.Image) -> bool:
    return image.getexif().get(_ORIENTATION) in _TURNED


def _rough(image: Image.Image) -> Image.Image:
    """A large picture at little more than the widest size, before copies of it are made; one with Exif keeps it."""
    if image.width * image.height < _ROUGH_FROM_PIXELS or image.mode not in {"L", "RGB", "RGBA", "P", "1"}:
        return image
    if image.mode in {"P", "1"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    exif, upright_width = image.getexif(), image.height if _is_turned(image) else image.width
    if upright_width <= _ROUGH_WIDTH:
        return image
    size = (round(image.width * _ROUGH_WIDTH / upright_width), round(image.height * _ROUGH_WIDTH / upright_width))
    small = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)
    small.info = image.info
    small.getexif()[_ORIENTATION] = exif.get(_ORIENTATION, 1)
    return small


@contextmanager
def _damage_named(place: str) -> Generator[None]:
    try:
        yield
    except Image.DecompressionBombError as error:
        what = phrase("a picture of more than 178 megapixels")
        expected = message("at most {most} megapixels", most=MAX_MEGAPIXELS["JPEG"])
        raise InvalidInput(place, what, expected, "Save it smaller.") from error
    except _DAMAGED as error:
        hint = "Copy the file again from the camera, or open it and save it anew."
        raise InvalidInput(place, phrase("damaged"), "a whole picture", hint) from error


def _opened(data: bytes, place: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            return Image.open(BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError as error:
        if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
            hint = "Save it as JPEG; an iPhone does so with Settings > Camera > Formats > Most Compatible."
            raise InvalidInput(place, phrase("a HEIC picture"), "JPEG, PNG, WebP or AVIF", hint) from error
        name = next((name for start, name in _OTHERS.items() if data.startswith(start)), "")
        other = message("a file in the format {kind}", kind=name) if name else phrase("no picture that we know")
        raise InvalidInput(place, other, "JPEG, PNG, WebP or AVIF", "Save it as JPEG or PNG.") from error


def _check_kind(image: Image.Image, place: str) -> None:
    kind = "JPEG" if image.format == "MPO" else str(image.format)  # a phone's JPEG with a second picture for depth
    endings, ending = _ENDINGS[kind], PurePath(place).suffix.lower()
    if ending not in endings:
        raise wrong_ending(place, kind, endings[0])
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise InvalidInput(place, phrase("an animation"), "one picture that stands still", "Save one frame of it.")
    if image.mode == "CMYK":
        hint = "Save it as RGB (sRGB) in the picture editor."
        raise InvalidInput(place, phrase("in printing colours (CMYK)"), "RGB", hint)


def _check_shape(width: int, height: int, place: str) -> None:
    if width < _NARROWEST:
        hint = "Take the original, not a preview of it."
        wide = message("{width} pixels wide", width=width)
        raise InvalidInput(place, wide, message("at least {least}", least=_NARROWEST), hint)
    if not _TALLEST_RATIO <= width / height <= _WIDEST_RATIO:
        expected = "at most four times as wide as high, and at most twice as high as wide"
        size = message("{width} × {height} pixels", width=width, height=height)
        raise InvalidInput(place, size, expected, "Cut it.")


def _flat(image: Image.Image) -> Image.Image:
    """The picture in sRGB on white, with nothing beside its pixels."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of grey; convert() would cut instead of scale
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    elif image.mode not in {"RGB", "L"}:
        image = image.convert("RGB")
    bare = Image.new("RGB", image.size)
    bare.paste(_srgb(image, profile) if profile else image)
    return bare


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as their profile means them. A profile that cannot be read is ignored, as browsers do."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType] - untyped in Pillow
        converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")  # pyright: ignore[reportUnknownArgumentType] - the same
    except (ImageCms.PyCMSError, OSError):
        return image.convert("RGB")
    return image.convert("RGB") if converted is None else converted


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=_JPEG_QUALITY, progressive=True, optimize=True)
    return out.getvalue()


def _avif(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "AVIF", quality=_AVIF_QUALITY, speed=_AVIF_SPEED)
    return out.getvalue()
