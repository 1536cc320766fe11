"""The numbers of chapters, tables and figures: counted once, for every edition.

Chapters have figures (1, 1.1, 1.1.1), appendices letters (A, A.1) and come last;
tables and figures are counted through the whole report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from circle.i18n import t
from circle.report.content.elements import Map, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from circle.report.content.elements import Block, Section

_DEEPEST = 3


@dataclass(frozen=True, eq=False)
class Numbered:
    """A table or a map with its number among the tables or the maps."""

    block: Table | Map
    number: int

    @property
    def label(self) -> str:
        """The number as it stands before the title: ``Table 3``."""
        kind = "table" if isinstance(self.block, Table) else "figure"
        return t(f"document.{kind}", number=self.number)

    @property
    def anchor(self) -> str:
        """Name to jump to, unique in the report."""
        return f"_Ref{'table' if isinstance(self.block, Table) else 'figure'}{self.number:06d}"


class Reference(NamedTuple):
    """What a text refers to: as it is called, and where it is."""

    label: str
    anchor: str


@dataclass(frozen=True, eq=False)
class Referring:
    """A paragraph with what it refers to."""

    block: Paragraph
    references: tuple[Reference, ...]


@dataclass(frozen=True, eq=False)
class Part:
    """A section with its number.

    Attributes
    ----------
    section
        The section.
    level
        1 to 3, never more than one below that of the section before.
    number
        As ``2.1`` or ``B``.
    anchor
        Name to jump to, unique in the report.
    fresh
        Whether it begins a page: the first chapter, or the first of the appendices.
    blocks
        Its blocks, tables and maps numbered.
    """

    section: Section
    level: int
    number: str
    anchor: str
    fresh: bool
    blocks: tuple[Block | Numbered | Referring, ...]

    @property
    def label(self) -> str:
        """The number as it stands before the title: ``2.1`` or ``Appendix B``."""
        if self.section.appendix and self.level == 1:
            return t("document.appendix", number=self.number)
        return self.number


def numbered(sections: Iterable[Section]) -> list[Part]:
    """Return the sections in their order with their numbers, appendices last.

    Paragraphs refer to those tables, maps and appendices that are there.
    """
    parts = list(_counted(sections))
    there = dict(_references(parts))
    return [replace(part, blocks=tuple(_referring(part.blocks, there))) for part in parts]


def _references(parts: Iterable[Part]) -> Iterator[tuple[str, Reference]]:
    for part in parts:
        yield f"section:{part.section.id}", Reference(part.label, part.anchor)
        for block in part.blocks:
            if isinstance(block, Numbered):
                kind = "table" if isinstance(block.block, Table) else "map"
                yield f"{kind}:{block.block.id}", Reference(block.label, block.anchor)


def _referring(
    blocks: Iterable[Block | Numbered | Referring], there: Mapping[str, Reference]
) -> Iterator[Block | Numbered | Referring]:
    for block in blocks:
        if isinstance(block, Paragraph):
            references = tuple(there[name] for name in block.see if name in there)
            yield Referring(block, references) if references else block
        else:
            yield block


def _counted(sections: Iterable[Section]) -> Iterator[Part]:
    counters = {Table: count(1), Map: count(1)}
    counts: list[int] = []
    appendix = False
    for index, section in enumerate(sorted(sections, key=lambda part: part.appendix)):
        first = index == 0 or section.appendix != appendix
        appendix = section.appendix
        counts = _advanced([] if first else counts, section.level)
        blocks = tuple(
            Numbered(block, next(counters[type(block)]))
            if isinstance(block, Table | Map)
            else block
            for block in section.blocks
        )
        yield Part(
            section=section,
            level=len(counts),
            number=_number(counts, letters=appendix),
            anchor=f"_Toc{index + 1:06d}",
            fresh=first,
            blocks=blocks,
        )


def _advanced(counts: list[int], level: int) -> list[int]:
    depth = max(1, min(level, len(counts) + 1, _DEEPEST))
    return [*counts[: depth - 1], (counts[depth - 1] if depth <= len(counts) else 0) + 1]


def _number(counts: list[int], *, letters: bool) -> str:
    head = _letters(counts[0]) if letters else str(counts[0])
    return ".".join([head, *map(str, counts[1:])])


def _letters(number: int) -> str:
    """Return A to Z, then AA to ZZ as Word counts: A, …, Z, AA, BB."""
    rounds, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (rounds + 1)
