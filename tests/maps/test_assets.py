"""Every file that a map links to is in the package, and nothing else is linked."""

import base64
import re
import tomllib

import pytest

from circle.maps import base, layers, legend
from circle.maps.assets import FRAME_URL, STATIC, links
from tests.small import district

FOREIGN = re.compile(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//|url\([\"']?(?:https?:)?//|@import")


def full_map(*, saved: bool) -> str:
    small = district()
    drawn = base.district_map(small, saved=saved)
    rows = [legend.bands_row([5, 10, 15]), legend.demand_row(15), legend.gaps_row()]
    legend.add_legend(drawn, [*rows, *legend.kind_rows(small.kinds.values())])
    layers.facilities(small.facilities, small.kinds).add_to(drawn)
    layers.heritage(small.heritage).add_to(drawn)
    layers.origin(114.0, 31.0).add_to(drawn)
    page: str = drawn.get_root().render()
    return page


def test_each_listed_file_is_there_and_each_file_is_listed() -> None:
    versions = tomllib.loads((STATIC / "VERSIONS.toml").read_text(encoding="utf-8"))
    listed = {name for entry in versions.values() for name in entry["files"]}
    found = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    assert found == listed | {"VERSIONS.toml"}


def test_served_links_name_files_of_the_package() -> None:
    own = links()
    for _, address in (*own.scripts, *own.styles):
        assert address.startswith(FRAME_URL)
        name = address.removeprefix(FRAME_URL).partition("?")[0]
        assert (STATIC / name).is_file()


def test_a_changed_file_gets_another_address() -> None:
    assert len({address.partition("?v=")[2] for _, address in links().scripts}) == 2


@pytest.mark.parametrize("saved", [True, False])
def test_a_map_links_to_no_other_server(saved: bool) -> None:  # noqa: FBT001
    page = full_map(saved=saved)
    assert FOREIGN.search(page) is None
    assert ("cdn" in page.lower()) is False
    linked = re.findall(r"<(?:script src|link[^>]+href)=\"([^\"]+)\"", page)
    prefix = "data:" if saved else FRAME_URL
    assert len(linked) == 4
    assert all(address.startswith(prefix) for address in linked)


def test_styles_of_a_saved_map_carry_their_pictures() -> None:
    for _, address in links(inline=True).styles:
        css = base64.b64decode(address.partition(",")[2]).decode()
        assert all(
            target.strip("\"'").startswith(("data:", "#"))
            for target in re.findall(r"url\(([^)]+)\)", css)
        )
