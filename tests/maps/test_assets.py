"""Every file that a map links to is in the package, and nothing else is linked."""

import re
import tomllib

from circle.maps import base_map, grades, layers, legend
from circle.maps.assets import APP_SCRIPTS, FRAME_URL, STATIC, STYLES, contents, links
from tests.small import district

FOREIGN = re.compile(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//|url\([\"']?(?:https?:)?//|@import")


def full_map() -> str:
    small = district()
    drawn = base_map.district_map(base_map.Backdrop.of(base_map.base_data(small)))
    rows = [legend.bands_row([5, 10, 15]), legend.graded_row(grades.minutes(15)), legend.gaps_row()]
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
    for _, address in links(APP_SCRIPTS + STYLES):
        assert address.startswith(FRAME_URL)
        name = address.removeprefix(FRAME_URL).partition("?")[0]
        assert (STATIC / name).is_file()


def test_a_changed_file_gets_another_address() -> None:
    assert len({address.partition("?v=")[2] for _, address in links(APP_SCRIPTS)}) == 4


def test_a_map_links_to_no_other_server() -> None:
    page = full_map()
    assert FOREIGN.search(page) is None
    assert ("cdn" in page.lower()) is False
    linked = re.findall(r"<(?:script src|link[^>]+href)=\"([^\"]+)\"", page)
    assert len(linked) == 6
    assert all(address.startswith(FRAME_URL) for address in linked)


def test_one_file_carries_all_scripts_and_the_pictures_of_the_styles() -> None:
    scripts, styles = contents()
    assert "</script" not in scripts.lower()
    assert "</style" not in styles.lower()
    assert "sourceMappingURL" not in scripts
    assert "circle.picture = " in scripts
    assert "circle.tools = " not in scripts
    pictures = [one for one in re.findall(r"url\(([^)]+)\)", styles) if not one.startswith("#")]
    assert len(pictures) == 3
    assert all(one.startswith("data:image/png;base64,iVBOR") for one in pictures)
