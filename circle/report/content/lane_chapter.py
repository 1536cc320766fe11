"""The chapter on lanes under renewal, gates and missing links, where a district has a register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.i18n import t
from circle.lanes.gates import gate_prices
from circle.lanes.links import missing_links
from circle.lanes.register import lanes_of
from circle.lanes.walks import Walkers
from circle.report.content.choices import Wishes
from circle.report.content.elements import Bullets, Paragraph, Section, Table
from circle.words import lanes as words
from circle.words import passages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.lanes.gates import GatePrices
    from circle.lanes.links import MissingLinks
    from circle.report.content.answers import Answers
    from circle.report.content.elements import Block

MOST_LINKS = 10


_LISTED = 5
"""So many candidates are listed, without their ends; the layer has all that are told."""


def asked(answers: Answers) -> tuple[GatePrices, MissingLinks] | None:
    """Return gates and missing links; None where the report has no such chapter.

    A district without a register of lanes or gates has none, and a report for the public
    tells the lanes alone: resident-minutes of a few are no published counts.
    """
    district, choice = answers.district, answers.choice
    if choice.wishes == Wishes.PUBLISHED or (district.lanes is None and district.gates is None):
        return None
    who = Walkers(answers.profile.id, unverified=choice.unverified)
    return gate_prices(answers.study, who), missing_links(answers.study, who, top=MOST_LINKS)


def chapter(answers: Answers) -> Iterator[Section]:
    """Give the chapter, where there is a register of lanes or gates."""
    lanes, passed = lanes_of(answers.district), asked(answers)
    blocks: list[Block] = []
    if lanes:
        blocks += [
            Paragraph(words.register_sentence(lanes)),
            Table("lanes", t("lanes.register"), words.register_table(lanes)),
        ]
    if passed is not None:
        blocks += _passages(answers, *passed)
    if blocks:
        yield Section("lanes", t("report.lanes_title"), tuple(blocks))


def _passages(answers: Answers, gates: GatePrices, links: MissingLinks) -> Iterator[Block]:
    if gates.prices:
        yield Paragraph(passages.gates_sentence(gates))
        yield Table("gates", t("gates.ranked"), passages.gates_table(gates.prices))
    else:
        yield Paragraph(t("gates.no_register"))
    yield Paragraph(passages.links_sentence(links))
    if links.links:
        table = passages.links_table(links.links[:_LISTED])
        ends = [t(f"links.column.{end}") for end in ("at", "to")]
        yield Table("missing-links", t("links.ranked"), table.drop(columns=ends))
    notes = [*passages.links_notes(answers.district, links), *passages.unfit_lines(gates)]
    yield Bullets(tuple(notes))
