"""Every file that the map's frame links to is in the package, and nothing else is linked."""

import re
import tomllib

from circle.maps.assets import FRAME, STATIC, contents, frame

LINKED = re.compile(r"(?:src|href)=\"([^\"]*)\"")


def test_each_listed_file_is_there_and_each_file_is_listed() -> None:
    versions = tomllib.loads((STATIC / "VERSIONS.toml").read_text(encoding="utf-8"))
    listed = {name for entry in versions.values() for name in entry["files"]}
    found = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    assert found == listed | {"VERSIONS.toml"}


def test_the_frame_links_to_files_of_the_package_alone() -> None:
    names = [address.partition("?")[0] for address in LINKED.findall(FRAME.read_text("utf-8"))]
    assert len(names) == 8
    assert all((STATIC / name).is_file() for name in names)


def test_the_frame_names_its_files_by_their_content() -> None:
    assert FRAME.read_text("utf-8") == frame(), "run python -m circle.maps.assets"


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
