"""What the server looks at before it serves: whether its store can be used."""

from __future__ import annotations

import logging
import sys

from circle.config import settings
from circle.errors import SettingError, StoreError
from circle.i18n import LANGUAGES, t
from circle.store import opened, schema

_log = logging.getLogger(__name__)
_log.addHandler(logging.StreamHandler())  # by itself Python shows warnings alone
_log.setLevel(logging.INFO)


def check_store() -> None:
    """Upgrade the store if it is of an older version; log in a line how it stands.

    Where people sign in it is made, too: who did is written to its audit.

    A store that cannot be used does not keep the server from starting: pages that
    need it say so.

    Raises
    ------
    SystemExit
        When the setting `store` cannot be used.
    """
    store, language = opened(), settings().language
    try:
        before, now = store.prepare()
        if now == schema.NONE and _people_sign_in():
            with store.writing():
                before = now = schema.newest()
    except SettingError as error:
        sys.exit("\n".join(error.message(code) for code in LANGUAGES))
    except StoreError as error:
        _log.error("%s", error.message(language))
        return
    key = "none" if not now else "ready" if before == now else "upgraded"
    _log.info("%s", t(f"start.store_{key}", language=language, store=store.name, version=now))


def _people_sign_in() -> bool:
    installed = settings()
    return installed.mode != "local" and installed.sign_in.by != "none"
