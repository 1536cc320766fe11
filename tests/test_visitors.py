"""The load run's own pieces: what it reads, counts and says."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load.browser import Look
from benchmarks.load.client import LOST, Answer, Run, Visitor
from benchmarks.load.report import Load, Memory, Times, memory, table, times, verdict, weight
from benchmarks.load.server import Server
from benchmarks.load.visitors import Return, questions, restarted
from benchmarks.page import put
from tests.small import district
from tests.waiting import awaited

if TYPE_CHECKING:
    from pathlib import Path

NONE = Times(1, 0.2, 0.3, 0.4, 0.5, ())
MIB = 2**20


def text(body: str = "said", *, cacheable: bool = False) -> ForwardMsg:
    told = ForwardMsg(hash=f"hash of {body}")
    told.delta.new_element.html.body = body
    told.metadata.cacheable = cacheable
    return told


def finished(how: ForwardMsg.ScriptFinishedStatus.ValueType) -> ForwardMsg:
    return ForwardMsg(script_finished=how)


def after(*messages: ForwardMsg, known: frozenset[str] = frozenset()) -> Run:
    run = Run(known)
    for told in messages:
        run.take(told.SerializeToString())
    return run


def load() -> Load:
    sizes = Memory(300 * MIB, 310 * MIB, 350 * MIB, 400 * MIB)
    return Load(50, 60.0, NONE, NONE, NONE, NONE, sizes, (0.5, 0.1), 2.0, 3.0, 200_000)


def test_a_run_ends_when_the_script_does_and_not_before_a_rerun() -> None:
    run = after(text(), finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN))
    assert (run.done, run.faults) == (False, [])
    run = after(text(), finished(ForwardMsg.FINISHED_SUCCESSFULLY))
    assert (run.done, run.faults, run.elements) == (True, [], 1)
    assert run.received == len(text().SerializeToString()) + len(
        finished(ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()
    )


def test_a_run_keeps_which_session_and_page_it_is() -> None:
    told = ForwardMsg()
    told.new_session.initialize.session_id = "session"
    told.new_session.page_script_hash = "page"
    run = after(told)
    assert (run.session, run.script) == ("session", "page")


def test_exceptions_errors_and_empty_pages_are_faults_and_warnings_are_not() -> None:
    thrown, error, warning = ForwardMsg(), ForwardMsg(), ForwardMsg()
    thrown.delta.new_element.exception.type = "ValueError"
    thrown.delta.new_element.exception.message = "no"
    error.delta.new_element.alert.format = Alert.ERROR
    error.delta.new_element.alert.body = "wrong"
    warning.delta.new_element.alert.format = Alert.WARNING
    assert after(thrown, error, warning).faults == ["ValueError: no", "wrong"]
    assert after(finished(ForwardMsg.FINISHED_SUCCESSFULLY)).faults == ["the page is empty"]
    broken = finished(ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
    assert after(broken).faults == ["the page does not compile"]
    lost = ForwardMsg()
    lost.page_not_found.page_name = "x"
    assert after(lost).faults == ["the page was not found"]


def test_a_reference_is_to_a_message_that_was_kept() -> None:
    kept = after(text("large", cacheable=True), text("small")).kept
    assert kept == {"hash of large"}
    again = ForwardMsg(ref_hash="hash of large")
    assert after(again, known=frozenset(kept)).faults == []
    assert after(again).faults == ["a message was not sent"]


def test_waits_are_nearest_ranks() -> None:
    found = times([Answer(float(s), faults=("bad",) if s == 7 else ()) for s in range(20, 0, -1)])
    assert (found.number, found.median, found.p90, found.p95, found.most) == (20, 10, 18, 19, 20)
    assert found.faults == ("bad",)
    assert weight([Answer(1, received=size) for size in (10, 30, 90)]) == 30
    with pytest.raises(ValueError, match="nobody"):
        times([])


def test_the_verdict_needs_a_quick_median_and_no_fault_anywhere() -> None:
    good = load()
    assert good.met
    assert "no fault: met (median 0.20 s, faults 0)" in verdict(good)
    assert not replace(good, asked=replace(NONE, median=1.0)).met
    red = replace(NONE, faults=("red",))
    for bad in (
        replace(good, come=red),
        replace(good, asked=red),
        replace(good, together=red),
        replace(good, back=red),
        replace(good, looks=[Look(1.0, ("red",))]),
        replace(good, lived=Look(1.0, ("red",))),
    ):
        assert "**missed** (median 0.20 s, faults 1)" in verdict(bad)
        assert "- red (1 ×)" in verdict(bad)
    assert "- log: Traceback (2 ×)" in verdict(replace(good, complaints=["Traceback"] * 2))


def test_the_table_says_who_waited_how_long() -> None:
    said = table(replace(load(), asked=Times(120, 0.1234, 1, 2, 3, ("a", "b"))))
    assert "for 60 s (2.0 questions a second) | 120 | 0.12 | 1.00 | 2.00 | 3.00 | 2 |" in said


def test_memory_is_told_by_the_visitor() -> None:
    said = memory(load())
    assert "300 MiB with one visitor, 310 MiB with 50 more" in said
    assert "(0.20 MiB a visitor), 350 MiB when all had asked (1.00 MiB a visitor" in said
    assert "400 MiB at most" in said


def test_questions_are_asked_from_where_residents_live_and_are_the_same_each_time() -> None:
    small = district()
    asked = list(islice(questions(small), 30))
    assert asked == list(islice(questions(small), 30))
    inside = small.demand[small.demand["inside"]]
    homes = {f"{lon:.6f},{lat:.6f}" for lon, lat in inside[["lon", "lat"]].to_numpy(float)}
    for query in asked:
        said = parse_qs(query)
        assert said["at"][0] in homes
        assert said["profile"][0] in small.profiles


def test_a_part_of_the_page_is_written_in_place_of_its_own_alone(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    put("one", "first", page)
    put("two", "second \\1", page)
    put("one", "third", page)
    said = page.read_text(encoding="utf-8")
    assert said.startswith("# Performance\n")
    assert (said.count("third"), said.count("first"), said.count("second \\1")) == (1, 0, 1)
    assert said.index("third") < said.index("second")
    assert list(tmp_path.iterdir()) == [page]


def test_nobody_there_is_a_lost_connection() -> None:
    async def asked() -> Answer:
        visitor = Visitor("127.0.0.1:1", "")
        assert not await visitor.come(within_s=0.1)
        return await visitor.ask("")

    assert awaited(asked()).faults == (LOST,)


@pytest.mark.slow
def test_two_visitors_live_through_a_restart() -> None:
    async def lived(server: Server) -> tuple[list[Answer], list[Return], float]:
        visitors = [Visitor(server.address, "") for _ in range(2)]
        answers = []
        for visitor in visitors:
            assert await visitor.come()
            answers += [await visitor.ask(""), await visitor.ask("minutes=7")]
        back, away_s = await restarted(visitors, lambda: "minutes=9", server.restart)
        for visitor in visitors:
            await visitor.leave()
        return answers, back, away_s

    with Server() as server:
        answers, back, away_s = awaited(lived(server))
        assert server.memory_bytes() <= server.most_memory_bytes()
        assert server.cpu_s() > 0
        assert server.complaints() == []
    assert [answer.faults for answer in answers] == [()] * 4
    assert min(answer.received for answer in answers) > 1000
    assert [one.faults for one in back] == [(), ()]
    assert all(one.seconds >= away_s for one in back)
