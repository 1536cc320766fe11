"""Settings of this installation, from circle.toml and the environment.

The file is ``circle.toml`` in the working directory, or the one that
``CIRCLE_CONFIG`` names. A variable ``CIRCLE_<NAME>`` goes before the file. ::

    district = "data/some-district"
    language = "zh"
    tiles = "https://tiles.example/{z}/{x}/{y}.png"
    tiles_attribution = "© OpenStreetMap contributors"
    max_off_street_m = 250
    fill_holes_ha = 2.0
    cell_m = 10
    standards = "data/standards"
    fonts = "/usr/share/fonts/opentype/noto"
    store = "var/circle.sqlite"
    contact = "Data steward, room 3, telephone 1234 5678"
    map_number = "沪S〔2026〕001号"
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict, TomlConfigSettingsSource

from circle.errors import SettingError
from circle.i18n import LANGUAGES, t
from circle.model import Text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from pydantic_settings import PydanticBaseSettingsSource

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder: a relative path in a setting counts from here."""
_PREFIX = "CIRCLE_"
_FILE_VARIABLE = "CIRCLE_CONFIG"
_NUMBER_ERRORS = ("float_parsing", "float_type", "finite_number")
_BOUNDS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}


def _from_root(path: Path) -> Path:
    return ROOT / path.expanduser()


def _first() -> Path:
    """Return the first district folder below data/ (data/ itself when there is none)."""
    folders = sorted(file.parent for file in (ROOT / "data").glob("*/district.toml"))
    return folders[0] if folders else ROOT / "data"


def _tiles(template: str | None) -> str | None:
    if template is None or template.strip().lower() in {"", "none"}:
        return None
    if not all(part in template for part in ("{z}", "{x}", "{y}")):
        kind = "tiles"
        raise PydanticCustomError(kind, "no {{z}}, {{x}}, {{y}}")
    return template.strip()


class Settings(BaseSettings):
    """What can be set where the product is installed.

    Attributes
    ----------
    district
        Folder of the district shown; by default the first one below data/. A
        relative path counts from the project's folder.
    language
        Language shown first.
    tiles, tiles_attribution
        Template of background map tiles and the words their owner asks for;
        None: no tiles, and nothing is fetched from outside.
    max_off_street_m
        How far a point may be from a street, metres.
    fill_holes_ha
        Holes of an isochrone smaller than this are filled for display, hectares.
    cell_m
        Cell of the live raster of isochrones, metres.
    standards
        Folder of the standards that can be judged by, one TOML file each; a
        relative path counts from the project's folder.
    fonts
        Font file or folder for printed maps and documents; None: one that the
        system has installed.
    store
        Where confirmations are kept: an SQLite file (a relative path counts
        from the project's folder), or a URL of SQLAlchemy.
    contact
        Whom to tell of a mistake in the data, in one line.
    map_number
        Approval number of the map (审图号); empty: none was stated.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    district: Annotated[Path, AfterValidator(_from_root)] = Field(default_factory=_first)
    language: Literal["zh", "en"] = "zh"
    tiles: Annotated[str | None, AfterValidator(_tiles)] = None
    tiles_attribution: str = ""
    max_off_street_m: float = Field(default=250.0, gt=0, le=2000, allow_inf_nan=False)
    fill_holes_ha: float = Field(default=2.0, ge=0, le=100, allow_inf_nan=False)
    cell_m: float = Field(default=10.0, ge=2, le=100, allow_inf_nan=False)
    standards: Annotated[Path, AfterValidator(_from_root)] = ROOT / "data" / "standards"
    fonts: Annotated[Path, AfterValidator(_from_root)] | None = None
    store: str = Field(default="var/circle.sqlite", min_length=1)
    contact: str = ""
    map_number: str = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the environment first, then the file."""
        file = TomlConfigSettingsSource(settings_cls, toml_file=_file())
        return init_settings, env_settings, file


@cache
def settings() -> Settings:
    """Return the settings of this installation, read once.

    Raises
    ------
    SettingError
        Naming the setting at fault and where it was read.
    """
    file = _file()
    try:
        if _FILE_VARIABLE in os.environ:
            file.open("rb").close()
        return Settings()
    except ValidationError as error:
        raise _setting_error(error.errors()[0], file) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError("setting_file", source=file, problem=error) from error


def _file() -> Path:
    return Path(os.environ.get(_FILE_VARIABLE, "circle.toml")).expanduser()


def _setting_error(detail: ErrorDetails, file: Path) -> SettingError:
    name = str(detail["loc"][0])
    variable = _PREFIX + name.upper()
    source = variable if os.environ.get(variable) else file
    return SettingError("setting", name=name, source=source, problem=_problem(detail))


def _problem(detail: ErrorDetails) -> Text:
    given = detail["input"]
    match detail["type"]:
        case "literal_error":
            return _both("setting_choice", allowed=", ".join(LANGUAGES), given=given)
        case kind if kind in _NUMBER_ERRORS:
            return _both("setting_number", given=given)
        case "tiles":
            return _both("setting_tiles", given=given)
        case "extra_forbidden":
            return _both("setting_unknown", allowed=", ".join(Settings.model_fields))
    bounds = " ".join(
        f"{sign} {detail['ctx'][name]:g}"
        for name, sign in _BOUNDS.items()
        if name in detail.get("ctx", {})
    )
    if bounds:
        return _both("setting_range", bounds=bounds, given=given)
    return _both("setting_type", given=given)


def _both(key: str, **values: object) -> Text:
    zh, en = (t(f"error.{key}", language=code, **values) for code in ("zh", "en"))
    return Text(zh=zh, en=en)
