"""What may be imported: layers, their columns, and what these are usually called."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from circle.errors import InputError
from circle.i18n import LANGUAGES
from circle.load.text_tables import columns_of
from circle.model import Text

_NOT_OF_THE_NAME = re.compile(r"[\s*:;。\"'_]+")
_IN_BRACKETS = re.compile(
    r"[(\[](?:米|m|m2|平方米|平米|人|户|万|万人|层|个|度|°|必填|选填|可选|required|optional|十进制度?"
    r"|wgs-?84|cgcs2000|gcj-?02|bd-?09)[)\]]"
)


@dataclass(frozen=True)
class Column:
    """A column of a layer.

    Attributes
    ----------
    names
        What it is usually called, as `plain` writes it; the first of each language leads.
    type
        How its cells are read; see `circle.intake.cells`.
    """

    id: str
    names: tuple[str, ...]
    title: Text
    type: str
    must: bool
    about: Text


@dataclass(frozen=True)
class Layer:
    """A layer that may be imported.

    Attributes
    ----------
    file
        Its table in the district folder; "" for a layer of polygons.
    level
        The level whose polygons it holds; "" for a table.
    key
        The column by which rows are told apart.
    same
        Columns of which two rows near each other do not have the same.
    """

    id: str
    title: Text
    file: str
    level: str
    columns: tuple[Column, ...]
    key: str
    same: tuple[str, ...]
    example: dict[str, str]

    def column(self, name: str) -> Column | None:
        """Return a column by its id."""
        return next((column for column in self.columns if column.id == name), None)

    @property
    def has_places(self) -> bool:
        """Whether its rows are points."""
        return self.column("lon") is not None

    @property
    def stored(self) -> tuple[str, ...]:
        """The columns of its table in the district folder."""
        return tuple(columns_of(self.file)) if self.file else tuple(c.id for c in self.columns)


@cache
def layers() -> dict[str, Layer]:
    """Return every layer that may be imported, by its id."""
    text = files("circle.intake").joinpath("layers.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    return {
        name: _layer(name, table, document["common"]) for name, table in document["layer"].items()
    }


def layer_named(name: str) -> Layer:
    """Return a layer by its id or title.

    Raises
    ------
    InputError
        When there is none.
    """
    for layer in layers().values():
        if plain(name) in {plain(layer.id), plain(layer.title.zh), plain(layer.title.en)}:
            return layer
    raise InputError("intake.layer", name=name, known=", ".join(layers()))


def plain(header: str) -> str:
    """Return a column's name as it is compared: one width, one case, no unit, no blanks."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return _NOT_OF_THE_NAME.sub("", _IN_BRACKETS.sub("", text) or text)


def _layer(name: str, table: dict[str, Any], common: dict[str, Any]) -> Layer:
    own = table.get("column", {})
    columns = [_column(column, own.get(column) or common[column]) for column in table["columns"]]
    if table.get("without_name"):
        columns = [_optional(column) for column in columns]
    return Layer(
        id=name,
        title=Text(**table["title"]),
        file=table.get("file", ""),
        level=table.get("level", ""),
        columns=tuple(columns),
        key=table.get("key", "id"),
        same=tuple(table["same"]),
        example=table["example"],
    )


def _column(name: str, table: dict[str, Any]) -> Column:
    names = [name, *(each for language in LANGUAGES for each in table[language])]
    return Column(
        id=name,
        names=tuple(dict.fromkeys(plain(each) for each in names)),
        title=Text(table["zh"][0], table["en"][0]),
        type=table.get("type", "text"),
        must=table.get("must", False),
        about=Text(**table["about"]),
    )


def _optional(column: Column) -> Column:
    return Column(
        column.id, column.names, column.title, column.type, must=False, about=column.about
    )
