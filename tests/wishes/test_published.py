"""What leaves the staff's pages: masked places, nothing that fewer than five share."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from circle.cli import main
from circle.i18n import use_language
from circle.wishes import answers, flow, open311, recording
from circle.wishes.against_gaps import (
    Against,
    against,
    asked_not_missing,
    missing_not_asked,
    of_kind,
    placed,
    sentence,
)
from circle.wishes.levels import by_level, by_unit
from circle.wishes.masking import DEPTH, masked
from circle.wishes.nouns import Claim, Level, Reason, State, Visibility
from circle.wishes.published import coarsened, shown
from circle.words import wish_tables
from tests.wishes.wishing import NOW, add, at, made, published

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle.model import District
    from circle.store import Store

FEW = st.tuples(st.sampled_from("ab"), st.sampled_from(["", "x", "y"]), st.sampled_from(["", "o"]))


@given(st.lists(FEW, max_size=60))
def test_what_is_told_is_shared_by_five(told: list[tuple[str, str, str]]) -> None:
    result = coarsened(told)
    counts = Counter(result)
    for before, after in zip(told, result, strict=True):
        assert counts[after] >= 5 or after == ("", "", "")
        assert all(new in (old, "") for old, new in zip(before, after, strict=True))
    if all(count >= 5 for count in Counter(told).values()):
        assert result == told


def test_what_the_public_sees() -> None:
    wishes = [made(n) for n in range(6)]
    wishes += [
        made(10, kind="canteen"),
        made(11, visibility=Visibility.STAFF),
        made(12, state=State.NOT_TAKEN_UP, reason=Reason.DUPLICATE, merged_into=1),
        made(13, state=State.REVIEWED),
        made(14, state=State.NOT_TAKEN_UP, reason=Reason.REFERRED),
    ]
    seen = {each.id: each for each in shown(wishes)}
    assert set(seen) == {*range(6), 10, 14}
    assert (seen[1].lon, seen[1].lat, seen[1].area) == (121.2, 31.2, "west")
    rare = seen[10]
    assert (rare.kind, rare.area, rare.age_group, rare.lon, rare.lat) == ("", "", "", None, None)
    assert shown([]) == ()


def choice(number: int) -> Callable[[int], int]:
    return lambda _: number


def test_masking_stays_on_the_streets_and_moves(tianping: District) -> None:
    network = tianping.network
    graph: nx.Graph[int] = nx.Graph()
    ends = zip(network.segment_nodes, network.segment_length_m, strict=True)
    for (a, b), metres in ends:
        if not graph.has_edge(a, b) or graph[a][b]["metres"] > metres:
            graph.add_edge(int(a), int(b), metres=float(metres))
    for row in (17, 400, 900):
        xy = network.node_xy[row] + 3
        near = int(np.argmin(((network.node_xy - xy) ** 2).sum(axis=1)))
        ways = nx.single_source_dijkstra_path_length(graph, near, weight="metres")
        pool = sorted((way, node) for node, way in ways.items() if node != near)[:DEPTH]
        mean = sum(way for way, _ in pool) / DEPTH
        half = sorted(abs(way - mean) for way, _ in pool)[: DEPTH // 2]
        drawn = {tuple(masked(network, xy, choice(k))) for k in range(DEPTH // 2)}
        assert len(drawn) == DEPTH // 2
        for place in drawn:
            node = int(np.argmin(((network.node_xy - place) ** 2).sum(axis=1)))
            assert node != near
            assert abs(ways[node] - mean) <= half[-1] + 1e-6


def test_ageing_by_level_and_unit() -> None:
    wishes = [
        made(1),
        made(2, level_since=NOW - timedelta(days=50)),
        made(3, state=State.FULFILLED),
        made(4, level=Level.AREA, state=State.NOT_TAKEN_UP, reason=Reason.REFERRED),
    ]
    table = by_level(wishes, NOW)
    assert list(table.index) == ["grid", "area", "subdistrict"]
    grid = table.to_dict("index")["grid"]
    columns = ("open", "median_days", "longest_days", "long")
    assert [grid[name] for name in columns] == [2, 30, 50, 1]
    assert table["settled_share"].tolist() == [0.5, 0.5, 0.0]
    assert table["median_days"].isna().tolist() == [False, True, True]
    assert np.isnan(by_level([], NOW)["settled_share"]).all()
    claims = [Claim(1, 7, NOW - timedelta(days=2)), Claim(3, 7, NOW), Claim(9, 8, NOW)]
    units = by_unit(wishes, claims, NOW)
    assert units.to_numpy().tolist() == [[1, 2.0, 2.0, 0, 1]]
    assert list(units.index) == [7]
    assert by_unit([], [], NOW).empty


@pytest.mark.parametrize("inside", [0, 2, 8, 12, 20])
def test_the_permutation_agrees_with_the_exact_test(inside: int) -> None:
    demand = np.array([[0.0, 0.0], [1000.0, 0.0]])
    residents, in_gap = np.array([4_000.0, 6_000.0]), np.array([True, False])
    wishes = np.array([[1.0, 1.0]] * inside + [[990.0, 1.0]] * (20 - inside))
    result = against(wishes, demand, residents, in_gap)
    assert (result.wishes, result.inside, result.residents_share) == (20, inside, 0.4)
    pool = stats.hypergeom(10_020, 4_000 + inside, 20)
    numbers = np.arange(21)
    as_far = np.abs(numbers - pool.mean()) >= abs(inside - pool.mean()) - 1e-9
    assert result.p == pytest.approx(pool.pmf(numbers)[as_far].sum(), abs=0.02)


def test_what_cannot_be_compared_is_said() -> None:
    nobody, nowhere = np.zeros(2), np.zeros((0, 2))
    two, gap = np.array([[0.0, 0.0], [9.0, 0.0]]), np.array([True, False])
    for result in (
        against(nowhere, two, np.ones(2), gap),
        against(two, two, nobody, gap),
        against(two, nowhere, np.zeros(0), np.zeros(0, bool)),
    ):
        assert np.isnan(result.p)
    for language in ("zh", "en"):
        use_language(language)
        told = [
            sentence(result, "X")
            for result in (
                Against(0, 0, 0.2, np.nan),
                Against(9, 1, np.nan, np.nan),
                Against(4, 4, 0.2, 0.001),
                Against(30, 20, 0.2, 0.001),
                Against(30, 1, 0.2, 0.001),
                Against(30, 6, 0.2, 0.9),
            )
        ]
        assert len(set(told)) == 6
        assert "66.7" in told[3]
    results = {
        "a": Against(3, 0, 0.0, 1.0),
        "b": Against(9, 0, 0.0, 1.0),
        "c": Against(0, 0, 0.1, np.nan),
        "d": Against(0, 0, 0.3, np.nan),
        "e": Against(0, 0, 0.0, np.nan),
    }
    assert asked_not_missing(results) == ("b", "a")
    assert missing_not_asked(results) == ("d", "c")


def test_where_wishes_lie_to_the_zones(home: District) -> None:
    """Residents sit every 100 m from 50 m on; the zone is the first three of them."""
    places = [at(60), at(240), at(460), at(870)]
    wishes = [made(n, lon=lon, lat=lat, area="east") for n, (lon, lat) in enumerate(places)]
    not_counted = [
        made(10, lon=places[0][0], lat=places[0][1], state=State.NOT_TAKEN_UP, reason=reason)
        for reason in (Reason.DUPLICATE, Reason.WITHDRAWN)
    ]
    others = [made(11, lon=None, lat=None), made(12, kind="canteen")]
    zone: Any = SimpleNamespace(rows=np.array([0, 1, 2]))
    empty: Any = SimpleNamespace(rows=np.array([8]))
    asked = placed(home, [*wishes, *not_counted, *others], "market")
    assert asked.point.tolist() == [0, 2, 4, 8]
    assert (asked.inside(zone), asked.inside(empty)) == (2, 1)
    assert asked.outside([zone, empty]) == (wishes[2],)
    assert asked.outside([]) == tuple(wishes)
    result = of_kind(home, wishes, "market", [zone])
    assert (result.wishes, result.inside, result.residents_share) == (4, 2, 0.3)
    assert result.verdict == "few"
    table = wish_tables.asked_areas(home, asked, [zone])
    assert table.to_numpy().tolist() == [["东片区", 2]]
    assert placed(home, [], "market").wishes == ()


def test_open311(store: Store, home: District, units: tuple[int, int]) -> None:
    hidden = add(store, text="=1+1 想要椅子", kind="other", at=None)
    public = [published(store) for _ in range(5)]
    flow.claim(store, "small", public[0].id, units[0], by="a")
    flow.move(store, "small", public[1], State.NOT_TAKEN_UP, by="a", reason=Reason.REFERRED)
    given = (
        recording.listed(store, "small"),
        answers.units(store, "small"),
        flow.claims(store, "small"),
    )
    table = open311.requests(home, *given, published=False).set_index("service_request_id")
    assert len(table) == 6
    first, second = table.loc[public[0].id], table.loc[public[1].id]
    assert (first["status"], first["status_notes"], first["service_code"]) == (
        "open",
        "已认领",
        "market",
    )
    assert (first["agency_responsible"], first["service_name"]) == ("甲居委", "菜市场")
    assert (first["long"], first["lat"]) == (public[0].lon, public[0].lat)
    assert (second["status"], second["status_notes"]) == ("closed", "不予受理；已转交其他部门")
    assert first["requested_datetime"].endswith("+08:00")
    told = open311.requests(home, *given, published=True)
    assert hidden.id not in set(told["service_request_id"])
    assert set(told["long"]) == {wish.shown_lon for wish in public}
    assert told["requested_datetime"].str.contains("T00:00:00").all()
    assert list(told) == list(open311.COLUMNS)
    features = open311.features(open311.requests(home, *given, published=False))["features"]
    assert {feature["geometry"] is None for feature in features} == {True, False}
    json.dumps(features, allow_nan=False)


def test_the_commands(
    district_dir: Path, capsys: pytest.CaptureFixture[str], store_file: Path
) -> None:
    here = ("--district", str(district_dir))
    add_one = ("wishes", "add", *here, "--kind", "market", "--by", "a", "--text")
    assert main((*add_one, "=想要菜市场", "--at", "116.4005,39.9005", "--age", "age_65_plus")) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["state"], said["version"]) == ("recorded", 1)
    assert main((*add_one, "王阿姨想要菜市场")) == 2
    assert "人名" in capsys.readouterr().err
    assert main((*add_one, "同一个", "--submission", "k")) == 0
    assert main((*add_one, "同一个", "--submission", "k")) == 0
    capsys.readouterr()
    assert main(("wishes", "list", *here, "--state", "recorded")) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert main(("wishes", "export", *here)) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.startswith("service_request_id,status,")
    assert "'=想要菜市场" in rows[1] or '"=' not in rows[1]
    assert main(("wishes", "export", *here, "--format", "geojson", "--published")) == 0
    assert json.loads(capsys.readouterr().out)["features"] == []
    assert store_file.is_file()


def test_ten_thousand(home: District) -> None:
    wishes = [made(n, kind=("market", "canteen")[n % 2]) for n in range(10_000)]
    assert len(open311.requests(home, wishes, published=True)) == 10_000


def test_a_preview_writes_nothing(home: District, file_store: Store) -> None:
    told = recording.preview(home, " 王阿姨  想要\n椅子 ", at(250))
    assert (told.text, told.area) == ("王阿姨 想要 椅子", "west")
    assert [piece.text for piece in told.private] == ["王阿姨"]
    assert not file_store.in_use
