"""The settings: where they come from, and what is said of a bad one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from circle.config import ROOT, SignIn, proxy_secret, settings
from circle.errors import CircleError, SettingError


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run each test in an empty folder, with none of our variables."""
    for name in [name for name in os.environ if name.startswith("CIRCLE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    return tmp_path


def test_defaults() -> None:
    found = settings()
    assert found.district == ROOT / "data" / "tianping"
    assert (found.language, found.tiles, found.tiles_attribution) == ("zh", None, "")
    assert found.standards == ROOT / "data" / "standards"
    assert (found.max_off_street_m, found.fill_holes_ha, found.cell_m) == (250, 2, 10)


def test_a_home_that_is_none_is_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_DISTRICT", "~nobody-of-that-name/x")
    settings.cache_clear()
    assert settings().district == ROOT / "~nobody-of-that-name" / "x"
    monkeypatch.setenv("CIRCLE_CONFIG", "~nobody-of-that-name/circle.toml")
    settings.cache_clear()
    with pytest.raises(SettingError, match="nobody-of-that-name"):
        settings()


def test_by_default_nobody_signs_in_and_only_the_public_part_is_open() -> None:
    assert settings().mode == "serve"
    assert settings().sign_in == SignIn(by="none")
    assert not settings().sign_in.roles
    assert proxy_secret() is None


def test_who_signs_in_from_file_and_environment(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "circle.toml").write_text(
        '[sign_in]\nby = "oidc"\nsession_minutes = 60\nroles.steward = ["a", "b"]\n'
        'areas."north/1" = ["West area"]\n'
    )
    monkeypatch.setenv("CIRCLE_SIGN_IN__SESSION_MINUTES", "480")
    monkeypatch.setenv("CIRCLE_SIGN_IN__ROLES", '{"planner": ["c"]}')
    found = settings().sign_in
    assert (found.by, found.session_minutes) == ("oidc", 480)
    assert found.roles == {"steward": ("a", "b"), "planner": ("c",)}
    assert found.areas == {"north/1": ("West area",)}


@pytest.mark.parametrize(
    ("variable", "given", "said"),
    [
        ("MODE", "open", "must be one of local, serve"),
        ("SIGN_IN__BY", "password", "must be one of none, oidc, proxy"),
        ("SIGN_IN__SESSION_MINUTES", "1", "must be ≥ 5"),
        ("SIGN_IN__SESSION_MINUTES", "long", "must be a number"),
        ("SIGN_IN__ROLES", '{"public": ["a"]}', "must be one of official, planner, steward"),
        ("SIGN_IN__ROLES", "steward=a", "written as JSON"),
        ("SIGN_IN__USER_HEADER", "X User:", "wrong type"),
        ("SIGN_IN__PROXY_SECRET", "x" * 40, "there is no such setting"),
    ],
)
def test_a_bad_setting_of_signing_in_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, given: str, said: str
) -> None:
    monkeypatch.setenv(f"CIRCLE_{variable}", given)
    with pytest.raises(SettingError) as caught:
        settings()
    assert said in caught.value.message("en")
    assert f"CIRCLE_{variable.partition('__')[0]}" in caught.value.message("en")


def test_a_secret_is_read_from_the_environment_alone(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in (f'proxy_secret = "{"s" * 40}"', f'[sign_in]\nproxy_secret = "{"s" * 40}"'):
        (nowhere / "circle.toml").write_text(line)
        with pytest.raises(SettingError, match="proxy_secret") as caught:
            settings()
        assert "sss" not in caught.value.message("en") + caught.value.message("zh")
    monkeypatch.setenv("CIRCLE_PROXY_SECRET", "s" * 40)
    assert proxy_secret() == "s" * 40
    monkeypatch.setenv("CIRCLE_PROXY_SECRET", "sss")
    with pytest.raises(SettingError) as caught:
        proxy_secret()
    assert "32" in caught.value.message("en")
    assert "sss" not in str(caught.value) + repr(caught.value.__cause__)


def test_read_once_and_frozen() -> None:
    found = settings()
    assert settings() is found
    with pytest.raises(ValidationError):
        found.cell_m = 5.0


def test_environment_goes_before_file(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "circle.toml").write_text('language = "en"\ncell_m = 15\n')
    monkeypatch.setenv("CIRCLE_CELL_M", "20")
    found = settings()
    assert (found.language, found.cell_m) == ("en", 20)


def test_file_named_by_the_environment(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "circle.toml").write_text("cell_m = 15\n")
    (nowhere / "other.toml").write_text("cell_m = 25\n")
    monkeypatch.setenv("CIRCLE_CONFIG", str(nowhere / "other.toml"))
    assert settings().cell_m == 25


def test_empty_variable_counts_as_unset(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "circle.toml").write_text("cell_m = 15\n")
    monkeypatch.setenv("CIRCLE_CELL_M", "")
    assert settings().cell_m == 15


@pytest.mark.parametrize(
    ("given", "path"), [("elsewhere", ROOT / "elsewhere"), ("/data/x", Path("/data/x"))]
)
def test_district_counts_from_the_project(
    monkeypatch: pytest.MonkeyPatch, given: str, path: Path
) -> None:
    monkeypatch.setenv("CIRCLE_DISTRICT", given)
    assert settings().district == path


@pytest.mark.parametrize(
    ("given", "tiles"),
    [("none", None), ("https://t.example/{z}/{x}/{y}.png", "https://t.example/{z}/{x}/{y}.png")],
)
def test_tiles(monkeypatch: pytest.MonkeyPatch, given: str, tiles: str | None) -> None:
    monkeypatch.setenv("CIRCLE_TILES", given)
    assert settings().tiles == tiles


def test_environment_can_take_the_tiles_away(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "circle.toml").write_text('tiles = "https://t.example/{z}/{x}/{y}.png"\n')
    monkeypatch.setenv("CIRCLE_TILES", "none")
    assert settings().tiles is None


@pytest.mark.parametrize(
    ("name", "given", "zh", "en"),
    [
        ("language", "fr", "只能是 zh, en 之一，现为“fr”", "must be one of zh, en"),
        ("cell_m", "wide", "应为数字，现为“wide”", "must be a number"),
        ("cell_m", "1", "应 ≥ 2，现为 1", "must be ≥ 2, but is 1"),
        ("max_off_street_m", "nan", "应为数字", "must be a number"),
        ("max_off_street_m", "0", "应 > 0", "must be > 0"),
        ("fill_holes_ha", "101", "应 ≤ 100", "must be ≤ 100"),
        ("tiles", "https://t.example", "含 {z}、{x}、{y} 的网址模板", "with {z}, {x} and {y}"),
    ],
)
def test_bad_variable_is_named_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, name: str, given: str, zh: str, en: str
) -> None:
    variable = f"CIRCLE_{name.upper()}"
    monkeypatch.setenv(variable, given)
    with pytest.raises(SettingError) as caught:
        settings()
    said_zh, said_en = caught.value.message("zh"), caught.value.message("en")
    assert said_zh.startswith(f"设置 {name}（来自 {variable}）")
    assert zh in said_zh
    assert said_en.startswith(f"The setting {name} (from {variable})")
    assert en in said_en


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("cel_m = 5", "The setting cel_m (from circle.toml) cannot be used: there is no such"),
        ("tiles = 5", "The setting tiles (from circle.toml) cannot be used: it is of the wrong"),
        ("cell_m = 1", "The setting cell_m (from circle.toml) cannot be used: it must be ≥ 2"),
        ("cell_m = ", "The settings file circle.toml cannot be read: Invalid value"),
    ],
)
def test_bad_line_names_the_file(nowhere: Path, line: str, problem: str) -> None:
    (nowhere / "circle.toml").write_text(f"{line}\n")
    with pytest.raises(SettingError) as caught:
        settings()
    assert problem in caught.value.message("en")


def test_named_file_must_be_there(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_CONFIG", str(nowhere / "gone.toml"))
    with pytest.raises(SettingError, match=r"gone\.toml") as caught:
        settings()
    assert isinstance(caught.value, CircleError)
    assert isinstance(caught.value, ValueError)
