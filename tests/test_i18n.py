"""Both languages hold the same sentences with the same placeholders, and all that are asked for."""

from __future__ import annotations

import ast
import re
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from circle import errors
from circle.config import ROOT
from circle.i18n import in_language, sentences, t
from circle.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

ERRORS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.CircleError)
}


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_same_keys() -> None:
    assert sentences("zh").keys() == sentences("en").keys()


def test_same_placeholders() -> None:
    chinese, english = sentences("zh"), sentences("en")
    keys = sorted(chinese)
    assert not [k for k in keys if _placeholders(chinese[k]) != _placeholders(english[k])]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_plain_tone(code: str) -> None:
    assert not [key for key, said in sentences(code).items() if "!" in said or "！" in said]


def test_values_are_said_in_the_language_in_use() -> None:
    with in_language("en"):
        assert t("error.no_folder", folder=Text("甲", "first")) == "There is no folder first."
    assert t("error.no_folder", folder=Text("甲", "first")) == "文件夹 甲 不存在。"


def asked_for() -> Iterator[tuple[str, ast.Call, ast.Module]]:
    """Return the calls of `t` and of our errors, by the file and line, with the module's tree."""
    for file in sorted((ROOT / "circle").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            name = _name(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and node.args and (name == "t" or name in ERRORS):
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node, tree


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def keys(node: ast.expr, tree: ast.Module) -> list[str]:
    """Return what an expression may say of a key, as regular expressions; none if untold."""
    match node:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.IfExp(body=body, orelse=otherwise):
            return keys(body, tree) + keys(otherwise, tree)
        case ast.JoinedStr(values=parts):
            joined = (
                keys(part, tree) if isinstance(part, ast.Constant) else [".+"] for part in parts
            )
            return ["".join(part[0] for part in joined)]
        case ast.Call(func=function):  # what that function returns
            return [
                key
                for made in ast.walk(tree)
                if isinstance(made, ast.FunctionDef) and made.name == _name(function)
                for node in ast.walk(made)
                if isinstance(node, ast.Return) and node.value is not None
                for key in keys(node.value, tree)
            ]
        case ast.Name(id=name):  # what the function that takes it as an argument is called with
            return [
                key
                for made in ast.walk(tree)
                if isinstance(made, ast.FunctionDef)
                for number, argument in enumerate(made.args.args)
                if argument.arg == name
                for call in ast.walk(tree)
                if isinstance(call, ast.Call)
                and _name(call.func) == made.name
                and len(call.args) > number
                for key in keys(call.args[number], tree)
            ]
    return []


def test_every_error_that_is_raised_has_its_sentence() -> None:
    raised = [(place, call, tree) for place, call, tree in asked_for() if _name(call.func) != "t"]
    assert len(raised) > 80
    assert _matching(f"error.{errors.CancelledError().key}")
    for place, call, tree in raised:
        kind = ERRORS[_name(call.func)]
        written = keys(call.args[0], tree)
        assert written, place
        for key in written:
            prefix = re.escape(kind("").key)
            said = _matching(rf"error\.{prefix}{key}")
            assert said, (place, key)
            given = {keyword.arg for keyword in call.keywords}
            for sentence in said:
                needed = _placeholders(sentences("zh")[sentence])
                assert None in given or needed <= given, (place, sentence)


def test_every_sentence_that_is_asked_for_is_there() -> None:
    for place, call, tree in asked_for():
        if _name(call.func) == "t" and not isinstance(call.args[0], ast.Name):
            for key in keys(call.args[0], tree):
                assert _matching(key), (place, key)


def _matching(pattern: str) -> list[str]:
    return [key for key in sentences("zh").keys() & sentences("en") if re.fullmatch(pattern, key)]
