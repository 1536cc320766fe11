"""Gates 里弄门: the words of the register."""

from __future__ import annotations

from enum import StrEnum

from circle.model.doorways import word_of


class GateState(StrEnum):
    """How a gate stands; where hours are stated they say when it is open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Passes(StrEnum):
    """Who may pass a gate while it is open."""

    EVERYONE = "everyone"
    RESIDENTS = "residents"
    NOBODY = "nobody"


_STATE_WORDS = {
    GateState.OPEN: ("开", "开放", "常开", "开着", "yes", "是", "1"),
    GateState.CLOSED: (
        "关",
        "关闭",
        "常闭",
        "锁闭",
        "封闭",
        "上锁",
        "shut",
        "locked",
        "no",
        "否",
        "0",
    ),
    GateState.UNKNOWN: ("不明", "未知", "不详", "notknown", "?"),
}
_PASSES_WORDS = {
    Passes.EVERYONE: ("所有人", "公众", "都可以", "不限", "public", "anyone", "all"),
    Passes.RESIDENTS: ("居民", "本弄居民", "小区居民", "业主", "刷卡", "privateresidents"),
    Passes.NOBODY: ("无人", "不通行", "不通", "none"),
}


def state_of(text: str) -> GateState | None:
    """Return what a cell says of how a gate stands; None for a word that is none of ours."""
    return word_of(text, _STATE_WORDS)


def passes_of(text: str) -> Passes | None:
    """Return what a cell says of who may pass; None for a word that is none of ours."""
    return word_of(text, _PASSES_WORDS)
