"""What the code says to people, found by reading the source.

That is: the texts given to message(), counted(), phrase() and said(), and to the errors and findings that say them. A
text in a variable, a table of the module, an argument or a function's answer is followed.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCOPE = (
    "geodata",
    "digitalpfad/commands",
    "digitalpfad/signs",
    "digitalpfad/cli.py",
    "digitalpfad/terminal/language.py",
    "geodata/text/localtime.py",
    "digitalpfad/terminal/device_condition.py",
    "digitalpfad/broker/login_proof.py",
    "gateway/mqtt/clean_connect.py",
    "gateway/mqtt/why_not_reached.py",
)

SAID: Mapping[str, tuple[tuple[int, str], ...]] = {
    "message": ((0, ""),),
    "phrase": ((0, "text"),),
    "Message": ((0, "template"),),
    "said": ((0, "text"),),
    "Refused": ((0, "sentence"), (1, "expected"), (2, "hint")),
    "InvalidInput": ((0, "field"), (2, "expected"), (3, "hint")),
    "NotFound": ((0, "kind"),),
    "Finding": ((1, "place"), (3, "expected"), (4, "hint"), (6, "sentence")),
    "_Broken": ((0, "why"),),
    "answer_table": ((0, "columns"), (2, "empty")),
}
"""Which arguments of a call are said to people, by place and name."""

SPOKEN = frozenset(
    {
        "Action", "Audience", "Change", "Condition", "CounterTechnology", "Effect", "LevelName", "Origin", "Outcome",
        "PropertyKind", "Severity", "TrailState",
    }
)  # fmt: skip
"""Enumerations whose values are said."""

_NAMES = frozenset({"field", "place"})
"""Arguments that may be a name, such as that of an option or a file: then they are the same in every language."""

_OF_TEXTS = ((1, "place"), (3, "expected"), (4, "hint"))
_OF_FILES = ((0, "sentence"), (1, "expected"), (2, "hint"))
_DEEPEST = 6


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """A text in the code. ``one`` is its form for a count of one; ``glued`` texts cannot be translated."""

    text: str
    where: str
    one: str = ""
    glued: bool = False


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a name may mean: in a function, else in its module."""

    module: ast.Module
    function: ast.FunctionDef | None = None


def in_source(paths: Iterable[Path]) -> Iterator[Said]:
    """All that is said in these Python files."""
    for path in paths:
        module = ast.parse(path.read_text(encoding="utf-8"))
        yield from _enumerated(module)
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        for scope, call in _calls(module):
            where = f"{name}:{call.lineno}"
            for text, one, glued in _said_by(call, scope):
                yield Said(text, where, one, glued)


def _enumerated(module: ast.Module) -> Iterator[Said]:
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and node.name in SPOKEN:
            values = (one.value for one in node.body if isinstance(one, ast.Assign))
            yield from (Said(_constant(value), node.name) for value in values)


def files() -> list[Path]:
    """Those that are looked through."""
    given = [ROOT / name for name in SCOPE]
    return sorted(path for one in given for path in (one.rglob("*.py") if one.is_dir() else [one]))


def _calls(module: ast.Module) -> Iterator[tuple[_Scope, ast.Call]]:
    inside: dict[ast.AST, ast.FunctionDef] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            inside |= dict.fromkeys(ast.walk(node), node)  # inner functions come later and win
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield _Scope(module, inside.get(node)), node


def _said_by(call: ast.Call, scope: _Scope) -> Iterator[tuple[str, str, bool]]:
    name = _name(call.func)
    if name == "counted":
        one, many = (_constant(argument) for argument in call.args[:2])
        yield many, one, False
        return
    for place, keyword in _places(name, call):
        argument = _argument(call, place, keyword)
        for text, glued in _texts(argument, scope, 0) if argument else ():
            if " " in text or keyword not in _NAMES:
                yield text, "", glued


def _places(name: str, call: ast.Call) -> tuple[tuple[int, str], ...]:
    if isinstance(call.func, ast.Attribute) and name in {"error", "warn", "note"}:
        return _OF_TEXTS if call.args and _is_reason(call.args[0]) else _OF_FILES
    return SAID.get(name, ())


def _is_reason(argument: ast.expr) -> bool:
    """Whether a finding begins with its stable name, as those of texts do; those of files begin with a sentence."""
    if isinstance(argument, ast.Constant | ast.JoinedStr):
        literals = [one.value for one in ast.walk(argument) if isinstance(one, ast.Constant)]
        return not any(" " in str(one) for one in literals)
    return _name(argument) == "reason"


def _texts(node: ast.expr, scope: _Scope, depth: int) -> Iterator[tuple[str, bool]]:
    """The texts that ``node`` may be, each with whether it is glued together."""
    match node:
        case ast.Constant(value=str(text)):
            if has_words(text) or "{" in text:
                yield text, False
        case ast.JoinedStr() | ast.BinOp():
            literals = [
                one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if any(map(_is_glue, literals)):
                yield ast.unparse(node), True
        case ast.Tuple() | ast.List():
            for one in node.elts:
                yield from _texts(one, scope, depth)
        case _:
            for meant, where in _meant(node, scope) if depth < _DEEPEST else ():
                yield from _texts(meant, where, depth + 1)


def _meant(node: ast.expr, scope: _Scope) -> Iterator[tuple[ast.expr, _Scope]]:
    """What an expression stands for."""
    match node:
        case ast.IfExp():
            yield from ((node.body, scope), (node.orelse, scope))
        case ast.BoolOp():
            yield from ((one, scope) for one in node.values)
        case ast.NamedExpr():
            yield node.value, scope
        case ast.Subscript(value=ast.Call(func=ast.Name(id=name)), slice=ast.Constant(value=int(number))):
            answers = [(one, inner) for one, inner in _returned(name, scope) if isinstance(one, ast.Tuple)]
            yield from ((one.elts[number], inner) for one, inner in answers if number < len(one.elts))
        case ast.Subscript():
            yield from _values(node.value, scope)
        case ast.Call(func=ast.Attribute(value=table, attr="get")):
            yield from _values(table, scope)
        case ast.Call(func=ast.Name(id=name)) if name not in SAID:
            yield from ((returned, inner) for returned, inner in _returned(name, scope))
        case ast.Name():
            yield from _assigned(node.id, scope)
        case _:
            pass


def _values(table: ast.expr, scope: _Scope) -> Iterator[tuple[ast.expr, _Scope]]:
    tables = [(table, scope)] if isinstance(table, ast.Dict) else list(_assigned(_name(table), scope))
    for one, where in tables:
        if isinstance(one, ast.Dict):
            yield from ((value, where) for value in one.values)


def _returned(name: str, scope: _Scope) -> Iterator[tuple[ast.expr, _Scope]]:
    for function in ast.walk(scope.module):
        if isinstance(function, ast.FunctionDef) and function.name == name:
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value:
                    yield node.value, _Scope(scope.module, function)


def _assigned(name: str, scope: _Scope) -> Iterator[tuple[ast.expr, _Scope]]:
    """What is assigned to a name in its function, given for it where the function is called, or in the module."""
    function = scope.function
    if function:
        places = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
        if name in places:
            for inner, call in _calls(scope.module):
                given = _argument(call, places.index(name), name) if _name(call.func) == function.name else None
                if given:
                    yield given, inner
            return
        found = [*_assignments(name, function)]
        if found:
            yield from ((value, scope) for value in found)
            return
    yield from ((value, _Scope(scope.module)) for node in scope.module.body for value in _assignments(name, node))


def _assignments(name: str, within: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(within):
        match node:
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target) | ast.NamedExpr(target=target) if (
                node.value
            ):
                yield from _matched(target, node.value, name)
            case (
                ast.For(target=target, iter=ast.Tuple() | ast.List() as rows)
                | ast.comprehension(target=target, iter=ast.Tuple() | ast.List() as rows)
            ):
                for row in rows.elts:
                    yield from _matched(target, row, name)
            case _:
                pass


def _matched(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=False):
            yield from _matched(one, part, name)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Call):
        for number, one in enumerate(target.elts):
            if isinstance(one, ast.Name) and one.id == name:
                yield ast.Subscript(value, ast.Constant(number))


def _argument(call: ast.Call, place: int, keyword: str) -> ast.expr | None:
    named = next((one.value for one in call.keywords if one.arg == keyword), None)
    return named or (call.args[place] if place < len(call.args) else None)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)


def _is_glue(text: str) -> bool:
    return bool(re.search(r"(?<![\w.\-/])[^\W\d_]{2}", text))


def has_words(text: str) -> bool:
    """Whether there is a word besides the names in braces."""
    return bool(re.search(r"[^\W\d_]{2}", re.sub(r"\{[^}]*\}", "", text)))


def placeholders(template: str) -> set[str]:
    """The names in braces, also those within a format."""
    try:
        found = [(name, spec) for _, name, spec, _ in string.Formatter().parse(template) if name is not None]
    except ValueError:
        return set()  # a text without values may hold any braces
    return {name for name, _ in found}.union(*(placeholders(spec) for _, spec in found if spec))
