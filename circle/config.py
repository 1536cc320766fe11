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

What concerns signing in is a table of its own, and so are the groups of a role. A
variable of it is called ``CIRCLE_SIGN_IN__<NAME>``; lists are written as JSON there. ::

    mode = "serve"

    [sign_in]
    by = "oidc"
    groups_claim = "groups"
    session_minutes = 480
    roles.steward = ["circle-stewards"]
    roles.planner = ["planning-bureau"]
    roles.official = ["subdistrict-office"]
    areas.subdistrict-office = ["West area"]

A secret is never read from this file: see `proxy_secret`.
"""

from __future__ import annotations

import getpass
import os
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from circle.errors import SettingError
from circle.i18n import t
from circle.model import Text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from pydantic_settings import PydanticBaseSettingsSource

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder: a relative path in a setting counts from here."""
_PREFIX = "CIRCLE_"
_NESTED = "__"
_FILE_VARIABLE = "CIRCLE_CONFIG"
_NUMBER_ERRORS = ("float_parsing", "float_type", "finite_number", "int_parsing", "int_type")
_BOUNDS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}


def _from_root(path: Path) -> Path:
    return ROOT / _at_home(path)


def _at_home(path: str | Path) -> Path:
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path's own raises for an unknown user


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


_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Header = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,80}$")]


class SignIn(BaseModel):
    """How the people who use a deployed installation are identified.

    Attributes
    ----------
    by
        ``none``: nobody signs in; ``oidc``: by OpenID Connect; ``proxy``: a proxy in
        front signs people in, and says who they are in headers.
    roles
        The groups that give each role.
    areas
        The areas, by name, that the officials of a group work for.
    groups_claim, name_claim
        Claims of the ID token that hold the groups and the name.
    session_minutes
        How long a sign-in lasts; None: until the end of the ID token.
    user_header, groups_header, secret_header
        Headers in which the proxy says the name, the groups (separated by commas)
        and the secret.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Literal["none", "oidc", "proxy"] = "none"
    roles: dict[Literal["official", "planner", "steward"], tuple[_Name, ...]] = {}
    areas: dict[_Name, tuple[_Name, ...]] = {}
    groups_claim: _Name = "groups"
    name_claim: _Name = "name"
    session_minutes: int | None = Field(default=None, ge=5, le=43_200)
    user_header: _Header = "X-Forwarded-User"
    groups_header: _Header = "X-Forwarded-Groups"
    secret_header: _Header = "X-Circle-Proxy-Secret"  # noqa: S105 - a header's name


class _Secrets(BaseSettings):
    """What is read from the environment and nowhere else."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, frozen=True)

    proxy_secret: SecretStr | None = Field(default=None, min_length=32, max_length=400)


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
    unverified_chance
        Probability, 0 to 1, with which a facility with a guessed position is taken to be
        there in the draws of an interval: an assumption, one half says nothing is known.
    target
        Share of residents from which an area counts as covered. Shanghai's master plan
        2017-2035 is reported to aim at 99 % within 15 minutes; secondary, to be checked.
    fonts
        Font file or folder for printed maps and documents; None: one that the
        system has installed.
    store
        Where what people say is kept: an SQLite file (a relative path counts
        from the project's folder), or the URL of a PostgreSQL database.
    overpass
        Address of the Overpass interpreter that streets of today are fetched from, by
        ``circle refresh`` alone.
    mode
        ``serve``: only what a person's role allows; ``local``: on one's own machine,
        for oneself alone, everything.
    sign_in
        How people are identified.
    address
        Where visitors reach this installation, ``https://…``: reports name it where a
        figure can be found again. Empty: they name the page alone.
    contact
        Whom to write to about a mistake in the data, in one line.
    map_number
        Approval number of the map (审图号); empty: none was stated.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_ignore_empty=True,
        env_nested_delimiter=_NESTED,
        extra="forbid",
        frozen=True,
    )

    district: Annotated[Path, AfterValidator(_from_root)] = Field(default_factory=_first)
    language: Literal["zh", "en"] = "zh"
    tiles: Annotated[str | None, AfterValidator(_tiles)] = None
    tiles_attribution: str = ""
    max_off_street_m: float = Field(default=250.0, gt=0, le=2000, allow_inf_nan=False)
    fill_holes_ha: float = Field(default=2.0, ge=0, le=100, allow_inf_nan=False)
    cell_m: float = Field(default=10.0, ge=2, le=100, allow_inf_nan=False)
    standards: Annotated[Path, AfterValidator(_from_root)] = ROOT / "data" / "standards"
    unverified_chance: float = Field(default=0.5, ge=0, le=1, allow_inf_nan=False)
    target: float = Field(default=0.99, gt=0, le=1, allow_inf_nan=False)
    fonts: Annotated[Path, AfterValidator(_from_root)] | None = None
    store: str = Field(default="var/circle.sqlite", min_length=1)
    overpass: str = Field(
        default="https://overpass-api.de/api/interpreter", pattern=r"^https?://[^\s?#]{1,200}$"
    )
    mode: Literal["local", "serve"] = "serve"
    sign_in: SignIn = SignIn()
    address: str = Field(default="", pattern=r"^(https?://[^\s?#]{1,200})?$")
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
    except SettingsError as error:  # a list in a variable that is no JSON
        problem = _in_both_languages("setting_json")
        raise SettingError(
            "setting", name="sign_in", source=f"{_PREFIX}SIGN_IN{_NESTED}…", problem=problem
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError("setting_file", source=file, problem=error) from error


def proxy_secret() -> str | None:
    """Return what the proxy in front alone knows, from ``CIRCLE_PROXY_SECRET``.

    Raises
    ------
    SettingError
        When it is shorter than 32 characters; its value is not shown.
    """
    try:
        secret = _Secrets().proxy_secret
    except ValidationError:
        source = f"{_PREFIX}PROXY_SECRET"
        problem = _in_both_languages("setting_secret")
        # the cause is left out: it quotes the secret
        raise SettingError("setting", name="proxy_secret", source=source, problem=problem) from None
    return None if secret is None else secret.get_secret_value()


def os_user() -> str:
    """Return the account that this program runs under: who changes where nobody is named."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        return str(os.getuid())


def _file() -> Path:
    return _at_home(os.environ.get(_FILE_VARIABLE, "circle.toml"))


def _setting_error(detail: ErrorDetails, file: Path) -> SettingError:
    parts = [str(part) for part in detail["loc"]]
    names = [_PREFIX + _NESTED.join(parts[:n]).upper() for n in range(len(parts), 0, -1)]
    source = next((name for name in names if os.environ.get(name)), file)
    return SettingError("setting", name=".".join(parts), source=source, problem=_problem(detail))


def _problem(detail: ErrorDetails) -> Text:
    given = detail["input"]
    match detail["type"]:
        case "literal_error":
            allowed = ", ".join(re.findall(r"'([^']*)'", detail["ctx"]["expected"]))
            return _in_both_languages("setting_choice", allowed=allowed, given=given)
        case kind if kind in _NUMBER_ERRORS:
            return _in_both_languages("setting_number", given=given)
        case "tiles":
            return _in_both_languages("setting_tiles", given=given)
        case "extra_forbidden":
            known = SignIn if len(detail["loc"]) > 1 else Settings
            return _in_both_languages("setting_unknown", allowed=", ".join(known.model_fields))
    bounds = " ".join(
        f"{symbol} {detail['ctx'][name]:g}"
        for name, symbol in _BOUNDS.items()
        if name in detail.get("ctx", {})
    )
    if bounds:
        return _in_both_languages("setting_range", bounds=bounds, given=given)
    return _in_both_languages("setting_type", given=given)


def _in_both_languages(key: str, **values: object) -> Text:
    zh, en = (t(f"error.{key}", language=code, **values) for code in ("zh", "en"))
    return Text(zh=zh, en=en)
