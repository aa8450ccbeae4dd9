"""Messages of which nothing is any good, as large as a message may be, each of them another one."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable

SIZE = 16 * 1024
_LETTERS = "bcdfghjklnpqrstvwxz"  # no vowels: none of the names says that it holds an address


def messages(number: int, seed: int) -> list[bytes]:
    """So many of them, of all kinds in turns."""
    kinds = itertools.cycle(KINDS.values())
    return [kind(random.Random(f"{seed} {i}")) for i, kind in zip(range(number), kinds, strict=False)]


def _names(chance: random.Random) -> Iterable[str]:
    while True:
        yield "".join(chance.choices(_LETTERS, k=chance.randint(3, 6))) + "_"


def _filled(before: str, parts: Iterable[str], after: str) -> bytes:
    """As many parts as find room."""
    size, taken = len(before) + len(after), list[str]()
    for part in parts:
        size += len(part) + 1
        if size > SIZE:
            break
        taken.append(part)
    return (before + ",".join(taken) + after).encode()


def _values(value: str) -> Callable[[random.Random], bytes]:
    head = '{"boot":"rubbish","seq":1,"time":1790000000000,"values":{'
    return lambda chance: _filled(head, (f'"{name}":{value}' for name in _names(chance)), "}}")


def _nearly(names: tuple[str, ...]) -> Callable[[random.Random], bytes]:
    def made(chance: random.Random) -> bytes:
        shuffled = ("".join(chance.sample(name, len(name))) for name in itertools.cycle(names))
        return _filled('{"boot":"r","readings":[', (f'{{"{name}_":{{"x_":1}}}}' for name in shuffled), "]}")

    return made


def _broken(unit: str) -> Callable[[random.Random], bytes]:
    return lambda chance: f'{{"{chance.random()}":['.encode() + (unit * SIZE).encode()[: SIZE - 40]


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "thousands of unknown names": _values("1"),
    "NaN under unknown names": _values("NaN"),
    "texts for numbers": _values('"x"'),
    "names that are nearly right": _nearly(("values", "readings", "oldest", "time")),
    "numbers for readings": lambda chance: _filled(
        '{"readings":[', (str(chance.randint(0, 9)) for _ in range(SIZE)), "]}"
    ),
    "broken, many quotes": _broken('"'),
    "broken, many single quotes": _broken("\\'"),
    "broken, many backslashes": _broken("\\"),
    "broken, many names": _broken("abc: "),
    "broken, many addresses": _broken('"\\u0030\\u0030:11:22:33:44:55",'),
    "broken, many names of addresses": _broken("mac= "),
    "broken, many escaped names of addresses": _broken('"m\\u0061c":1,'),
    "nested names of addresses": _broken('"mac":{'),
    "nested deeply": lambda chance: b"[" * (SIZE // 2 - 40) + str(chance.random()).encode(),
    "invalid UTF-8": lambda chance: bytes(byte | 0x80 for byte in chance.randbytes(SIZE)),
}
