"""The command lifts: the programme, reach from the flat, and where a lift is worth most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle.cli import arguments as cli
from circle.doors.example import example_register
from circle.doors.numbers import numbers
from circle.doors.programme import by_compound, published, stages_of
from circle.i18n import t
from circle.model import NoData, Question
from circle.model.doorways import Lift
from circle.places.facilities import kind_named, register_of
from circle.words import lifts as words

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from circle.measures.door_to_door import DoorToDoor
    from circle.model import District
    from circle.study import Study


def lifts(options: argparse.Namespace) -> int:
    """Print the programme, who is reached from the flat, and with --rank each doorway."""
    study = cli.study_of(options)
    district = study.district
    register = example_register(district) if options.example else district.doorways
    if register is None or register.empty:
        _without(district, as_json=options.json)
        return cli.OK
    answer = _answer(study, register, options)
    if options.json:
        cli.emit(_json(district, register, answer, options))
    else:
        print("\n".join(_lines(district, register, answer, options)))
    return cli.OK


def _answer(study: Study, register: pd.DataFrame, options: argparse.Namespace) -> DoorToDoor:
    kind = options.kind or first_kind(study.district)
    asked = kind_named(study.district, kind).id
    minutes = cli.minutes_of(options)
    unverified = options.unverified == "include"
    question = Question.by_minutes(asked, options.profile, minutes, unverified=unverified)
    answer = study.door_to_door(question, register, "example" if options.example else "")
    if isinstance(answer, NoData):
        raise cli.no_answer(study.district, answer)
    return answer


def first_kind(district: District) -> str:
    """Return the service that is asked about where none is named."""
    kinds = [kind for kind in district.kinds.values() if kind.service]
    return next((kind.id for kind in kinds if kind.first), kinds[0].id if kinds else "")


def _without(district: District, *, as_json: bool) -> None:
    """Tell what was published where there is no register, and how to bring one."""
    if as_json:
        cli.emit({"district": district.id, "register": None, "published": _published(district)})
        return
    told = published(district)
    lines = [words.published_sentence(told)]
    if len(told.projects):
        lines.append(words.projects_table(district).to_string(index=False))
    print("\n".join([*lines, t("lifts.no_register"), t("cli.lifts_template")]))


def _published(district: District) -> dict[str, Any]:
    told = published(district)
    columns = ["compound", "compound_en", "doorways", "lift", "lon", "lat", "source"]
    held = [name for name in columns if name in told.projects]
    return {
        "surveyed": told.surveyed,
        "suitable": told.suitable,
        "hard": told.hard,
        "projects": told.projects[held].to_dict("records"),
    }


def _lines(
    district: District, register: pd.DataFrame, answer: DoorToDoor, options: argparse.Namespace
) -> list[str]:
    first = t("lifts.example") if options.example else words.published_sentence(published(district))
    lines = [first]
    lines += [words.board_table(register).to_string(index=False)]
    lines += [
        words.reach_sentence(district, answer),
        words.reach_table(answer).to_string(index=False),
    ]
    if options.rank:
        table = words.ranking_table(register, answer.doorways, cli.top_of(options))
        lines += [t("lifts.rank_head"), table.to_string(index=False)]
    lines += words.register_notes(answer)
    return lines


def _json(
    district: District, register: pd.DataFrame, answer: DoorToDoor, options: argparse.Namespace
) -> dict[str, Any]:
    question, stages = answer.question, stages_of(register)
    told: dict[str, Any] = {
        "district": district.id,
        "register": "example" if options.example else "district",
        "made_up": bool(options.example),
        "kind": question.kind,
        "profile": question.profile,
        "minutes": question.criterion.minutes,
        "list": register_of(district, question.kind).completeness.value,
        "doorways": len(register),
        "lifts": {lift.value: int(stages["lift"].eq(lift).sum()) for lift in Lift}
        | {"unknown": int(stages["lift"].eq("").sum())},
        "published": None if options.example else _published(district),
        "by_compound": by_compound(register).to_dict("records"),
        "reach": _rounded(answer.table),
        "interval": 0.9,
        "numbers": [
            {
                "name": number.name,
                "value": number.value,
                "low": number.low,
                "high": number.high,
                "unit": number.unit,
                "status": number.status,
                "source": str(number.source),
            }
            for number in numbers().values()
        ],
    }
    if options.rank:
        ranked = answer.doorways.head(cli.top_of(options))
        names = register[["id", "address"]].iloc[ranked["row"]].reset_index(drop=True)
        ranked = ranked.assign(rank=range(1, len(ranked) + 1)).drop(columns="row")
        told["ranking"] = _rounded(ranked.join(names))
    return told


def _rounded(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): value for name, value in row.items()}
        for row in table.round(2).to_dict("records")
    ]
