"""What every page is made of: header, sentence, figures, list, notes.

Every text is escaped here, but for the sentence, which is built of the language
files and of values that `escape` has been over.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape as _escape
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from circle.config import settings
from circle.i18n import LANGUAGES, language, t
from circle.identity import ROLES, SIGN_IN_PAGE
from circle.maps.symbols import sign
from circle.web import sign_in, state
from circle.web.language import switch_language
from circle.web.page_frame import page_frame
from circle.words import references
from circle.words.wording import unbroken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from circle.identity import Identity
    from circle.model import District, Kind

_LANGUAGE_KEY = "shell:language"
_ROLE_KEY = "shell:role"
_MARKDOWN = frozenset("\\`*_{}[]<>()#+-.!|$~:")


class Stage(NamedTuple):
    """The three parts of a page: the answer, the map, the list."""

    lead: DeltaGenerator
    map: DeltaGenerator
    side: DeltaGenerator


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a ranked list.

    Attributes
    ----------
    name, sub, figure
        What it is; what is to be known of it; its minutes or its number.
    kind
        Whose symbol stands before it.
    rank
        A number before it, instead of a symbol.
    verified
        False draws the symbol hollow.
    alarming
        True sets the figure in the colour of what is missing.
    chosen
        True marks the row whose thing is shown on the map.
    more
        Another line of what is to be known of it.
    share
        How much of the row's width is underlined, 0 to 1; None for no line.
    """

    name: str
    sub: str
    figure: str
    kind: Kind | None = None
    rank: int | None = None
    verified: bool = True
    alarming: bool = False
    chosen: bool = False
    more: str = ""
    share: float | None = None


def escape(value: object) -> str:
    """Return a value as text that is safe in HTML."""
    return _escape(str(value))


def header(district: object, title: object, observed: str) -> None:
    """Draw the bar on top: district, page, date of the data, language, who is signed in.

    Parameters
    ----------
    district
        Name of the district; "" on a page that shows nothing of it.
    title
        What the page answers.
    observed
        Date or month of the data; "" for none.
    """
    name = f"<strong>{escape(district)}</strong>" if district else ""
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="lc-title">{name}<span class="lc-app">{escape(t("shell.app"))}</span>'
            f'<span class="lc-page" role="heading" aria-level="1">{escape(title)}</span></div>'
        )
        if observed:
            st.html(f'<div class="lc-date">{escape(t("shell.data_date", date=observed))}</div>')
        _language_toggle()
        with st.container(key="page-frame", width=44):
            page_frame()
        _account()


def data_notice(district: District) -> None:
    """Say so where the address is of other data than those that are shown."""
    named = references.changed_since(district, st.query_params.get(references.DATA))
    if named is not None:
        now = references.data_id(district)
        st.warning(t("shell.data_changed", then=named, now=now, date=district.observed))


def bar(title: object) -> None:
    """Draw the bar of a page that shows nothing of the district."""
    header("", title, "")


def stage() -> Stage:
    """Return the page's parts: map left, answer and list right; one column on a phone.

    On a phone the order is answer, map, list.
    """
    with st.container(key="stage"):
        return Stage(
            lead=st.container(key="stage-lead"),
            map=st.container(key="stage-map"),
            side=st.container(key="stage-side"),
        )


def answer(sentence_html: str) -> None:
    """Draw the answer in one sentence.

    Parameters
    ----------
    sentence_html
        Safe HTML: escape every value in it; ``<b>`` marks the answer and
        ``<b class="lc-miss">`` what is missing.
    """
    st.html(f'<p class="lc-answer" aria-live="polite">{sentence_html}</p>')


def figures(pairs: Iterable[tuple[str, str]]) -> None:
    """Draw three or four big figures: what each is, and its label."""
    cards = "".join(
        f'<div class="lc-figure"><dd>{escape(figure)}</dd><dt>{unbroken(label)}</dt></div>'
        for figure, label in pairs
    )
    st.html(f'<dl class="lc-figures">{cards}</dl>')


def heading(text: str, *, anchor: str = "") -> None:
    """Draw the heading of a part of the page.

    Parameters
    ----------
    text
        The heading.
    anchor
        What links within the page call it; empty for none.
    """
    attribute = f' id="{escape(anchor)}"' if anchor else ""
    st.html(f'<h2 class="lc-heading"{attribute}>{escape(text)}</h2>')


def pick_row(line: Row, label: str, *, key: str, on_click: Callable[..., None], args: Any) -> None:  # noqa: ANN401
    """Draw a row that is one button: pointed at, tapped, or reached by keyboard.

    Parameters
    ----------
    line
        What is seen.
    label
        What the button does, for those who hear the page.
    key, on_click, args
        Of the button.
    """
    with st.container(key=f"row-{key}"):
        rows([line])
        st.button(escaped_markdown(label), key=key, on_click=on_click, args=args)


def escaped_markdown(text: object) -> str:
    """Return text with a backslash before every character that Markdown reads as its own."""
    return "".join(f"\\{c}" if c in _MARKDOWN else c for c in str(text))


def rows(lines: Sequence[Row]) -> None:
    """Draw a ranked list."""
    items = "".join(_row(line) for line in lines)
    st.html(f'<ol class="lc-rows">{items}</ol>')


def table(frame: pd.DataFrame) -> None:
    """Draw a small table whose first column says what each row is."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in frame)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in frame.itertuples(index=False)
    )
    st.html(
        f'<div class="lc-scroll"><table class="lc-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def matrix(frame: pd.DataFrame, shares: pd.DataFrame) -> None:
    """Draw a table of figures, each with a line as long as its share.

    Parameters
    ----------
    frame
        What is said: a row a line, its name the index; a column a heading.
    shares
        As long and as wide: 0 to 1, NaN for no line.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in frame)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(_cell(said, share) for said, share in zip(line, of_line, strict=True))
        + "</tr>"
        for name, line, of_line in zip(frame.index, frame.values, shares.values, strict=True)
    )
    st.html(
        f'<div class="lc-scroll"><table class="lc-table lc-matrix"><thead><tr><td></td>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def _cell(said: object, share: float) -> str:
    style = f' style="--lc-share: {share:.1%}"' if share == share else ""  # noqa: PLR0124 - NaN
    return f"<td{style}>{escape(said)}</td>"


def notes(lines: Iterable[str]) -> None:
    """Draw what is to be known of the numbers: sources, trust, how to go on."""
    body = "".join(f"<p>{unbroken(line)}</p>" for line in lines)
    st.html(f'<div class="lc-notes">{body}</div>')


def labelled(lines: Sequence[str]) -> None:
    """Draw what a field that is no widget is called, and what stands in it."""
    label, *texts = lines
    body = "".join(f"<p>{unbroken(line)}</p>" for line in texts)
    st.html(f'<div class="lc-labelled"><span>{escape(label)}</span>{body}</div>')


def preview(label: str, text: str, lines: Sequence[str]) -> None:
    """Draw how something will look to others, as a card.

    Parameters
    ----------
    label
        What it is.
    text, lines
        What stands in it.
    """
    body = "".join(f"<p>{unbroken(line)}</p>" for line in lines if line)
    st.html(
        f'<div class="lc-preview"><span>{escape(label)}</span>'
        f'<blockquote>{escape(text)}</blockquote><div class="lc-notes">{body}</div></div>'
    )


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Draw what is to be known of one thing: each by its name."""
    body = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{unbroken(text)}</dd></div>" for name, text in pairs
    )
    st.html(f'<dl class="lc-facts">{body}</dl>')


def paragraphs(lines: Iterable[str]) -> None:
    """Draw text to be read."""
    body = "".join(f"<p>{unbroken(line)}</p>" for line in lines)
    st.html(f'<div class="lc-text">{body}</div>')


def _language_toggle() -> None:
    state.hold(_LANGUAGE_KEY, language())
    st.segmented_control(
        t("shell.language"),
        LANGUAGES,
        format_func=lambda code: t(f"shell.language_{code}"),
        key=_LANGUAGE_KEY,
        label_visibility="collapsed",
        on_change=_language_chosen,
    )


def _language_chosen() -> None:
    chosen = st.session_state.get(_LANGUAGE_KEY)
    if chosen in LANGUAGES:
        switch_language(chosen)


def _account() -> None:
    """Draw who is signed in: a button that opens what there is to know and to do."""
    who = sign_in.visitor()
    role = t(f"shell.role_{who.role}")
    if sign_in.is_local():
        with st.popover(t("sign_in.local", role=role), key="account"):
            _as_whom(who)
    elif who.signed_in:
        with st.popover(_label(who, role), key="account"):
            _signed_in_as(who, role)
    elif sign_in.ready():
        with st.container(key="account"):
            if st.button(t("sign_in.button"), key="to-sign-in"):
                st.switch_page(f"pages/{SIGN_IN_PAGE}.py")


def _as_whom(who: Identity) -> None:
    _account_line(t("sign_in.local_note"))
    named = {t(f"shell.role_{role}"): role for role in ROLES[::-1]}
    state.hold(_ROLE_KEY, t(f"shell.role_{who.role}"))
    st.radio(t("sign_in.see_as"), named, key=_ROLE_KEY, on_change=_role_chosen, args=(named,))


def _role_chosen(named: dict[str, str]) -> None:
    st.session_state[sign_in.LOCAL_ROLE] = named.get(st.session_state.get(_ROLE_KEY, ""))


def _signed_in_as(who: Identity, role: str) -> None:
    _account_line(t("sign_in.signed_in_as", name=who.name, role=role))
    if who.areas:
        _account_line(t("sign_in.areas", areas=t("unit.and").join(sorted(who.areas))))
    if settings().sign_in.by == "oidc":
        if st.button(t("sign_in.sign_out"), key="sign-out"):
            sign_in.end()
    else:
        _account_line(t("sign_in.sign_out_at_proxy"))


def _label(who: Identity, role: str) -> str:
    return escaped_markdown(t("sign_in.account", name=who.name, role=role))


def _account_line(text: str) -> None:
    st.html(f'<p class="lc-account">{escape(text)}</p>')


def _row(line: Row) -> str:
    mark = ""
    if line.rank is not None:
        mark = f'<span class="lc-rank">{line.rank}</span>'
    elif line.kind is not None:
        mark = sign_image(line.kind, "lc-sign", alt=line.kind.name, verified=line.verified)
    alarm = " lc-miss" if line.alarming else ""
    chosen = ' class="lc-chosen"' if line.chosen else ""
    more = f'<span class="lc-sub">{unbroken(line.more)}</span>' if line.more else ""
    share = "" if line.share is None else f' style="--lc-share: {line.share:.1%}"'
    return (
        f'<li{chosen}{share}>{mark}<span class="lc-what">'
        f'<span class="lc-name">{escape(line.name)}</span>'
        f'<span class="lc-sub">{unbroken(line.sub)}</span>{more}</span>'
        f'<span class="lc-minutes{alarm}">{escape(line.figure)}</span></li>'
    )


def sign_image(kind: Kind, style: str, *, alt: object = "", verified: bool = True) -> str:
    """Return a kind's symbol as an image: Streamlit takes SVG elements out of HTML."""
    data = base64.b64encode(sign(kind, verified=verified).encode()).decode()
    return f'<img class="{style}" alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">'
