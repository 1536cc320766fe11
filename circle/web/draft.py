"""Drafts: what is typed into a form and not sent yet outlives a restart of the server.

It is kept by the browser, in the storage of its tab (``draft/draft.js``), and nowhere else:
not in the address, which proxies write down and people pass on, and not on the server, where
nobody has checked it yet for what tells who somebody is. It is gone with the tab.

A form has a key of its own from its first line to its sending, kept with the draft, so that
a form that was sent just before the connection broke makes no second record.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.components.v1 as components

from circle.i18n import t
from circle.web import sign_in, state

_FILES = Path(__file__).parent / "draft"
_LONGEST = 1_000
_SUBMISSION = re.compile(r"[0-9a-f]{32}")
_CLASS = re.compile(r"[^a-zA-Z0-9_-]")
Fields = dict[str, state.Param[Any]]
"""The fields of a form by name: how each is written, read and empty."""


def text(name: str) -> state.Param[str]:
    """Return a field that is typed freely."""
    return state.Param(name, str, str, "")


def key(form: str, field: str) -> str:
    """Return the key of a field's widget."""
    return f"draft:{form}:{field}"


def value(form: str, field: state.Param[Any]) -> Any:  # noqa: ANN401 - the field's
    """Return what stands in a field."""
    held = st.session_state.get(key(form, field.name))
    return field.default if held is None else held


def submission(form: str) -> str:
    """Return the form's key, made when it was first drawn."""
    made: str = st.session_state.setdefault(f"draft:{form}", secrets.token_hex(16))
    return made


def keep(form: str, fields: Fields) -> None:
    """Have the browser keep what stands in a form, and bring back what it kept.

    Parameters
    ----------
    form
        Its name.
    fields
        All of it. Those that are typed are watched as they are typed.
    """
    own = f"draft:{form}:frame"
    values = {name: field.format(value(form, field)) for name, field in fields.items()}
    with st.container(key=f"draft-frame-{form}"):
        components.declare_component("draft", path=_FILES)(
            words=t("wishes.draft"),
            place=f"circle:draft:{form}:{sign_in.visitor().name}",
            submission=submission(form),
            done=st.session_state.get(f"draft:{form}:done", ""),
            empty=all(value(form, field) == field.default for field in fields.values()),
            values=values,
            fields={name: _selector(form, name) for name, each in fields.items() if _typed(each)},
            key=own,
            default=None,
            on_change=lambda: _bring_back(form, fields),
        )


def sent(form: str, fields: Fields) -> None:
    """Empty a form that was sent; the browser forgets it."""
    st.session_state[f"draft:{form}:done"] = st.session_state.pop(f"draft:{form}", "")
    for name, field in fields.items():  # a widget is told, else the browser keeps what it shows
        st.session_state[key(form, name)] = "" if _typed(field) else None


def read(told: object, fields: Fields) -> tuple[str, dict[str, Any]] | None:
    """Return the key and the fields of a draft that a browser told of; None for anything else."""
    if not isinstance(told, dict) or not isinstance(told.get("values"), dict):
        return None
    made = told.get("submission")
    if not isinstance(made, str) or not _SUBMISSION.fullmatch(made):
        return None
    return made, {name: _read(field, told["values"].get(name)) for name, field in fields.items()}


def _read(field: state.Param[Any], raw: object) -> Any:  # noqa: ANN401 - the field's
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return field.default
    try:
        return field.parse(raw)
    except (ValueError, OverflowError):
        return field.default


def _bring_back(form: str, fields: Fields) -> None:
    draft = read(st.session_state.get(f"draft:{form}:frame"), fields)
    if draft is None:
        return
    st.session_state[f"draft:{form}"], values = draft
    for name, each in values.items():
        if each != fields[name].default:
            st.session_state[key(form, name)] = each


def _typed(field: state.Param[Any]) -> bool:
    return field.parse is str


def _selector(form: str, name: str) -> str:
    container = _CLASS.sub("-", f"st-key-{key(form, name)}")
    return f".{container} textarea, .{container} input"
