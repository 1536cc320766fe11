"""An empty Word document in our styles, and the file it becomes."""

from __future__ import annotations

from datetime import UTC
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from circle.i18n import language, t
from circle.report.document.word.wordml import Element, element
from circle.report.printable import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from docx.document import Document

    from circle.report.content.elements import Choice, Imprint

CHINESE, LATIN = "Microsoft YaHei", "Arial"
"""Fonts that Word brings along on Windows and on the Mac, whatever its language; the
English name is known to a Chinese Word too. Elsewhere fontTable.xml names a stand-in."""

_LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
_LONGEST_PROPERTY = 255
_FIRST_YEAR = 1980
_UNWANTED = (
    RELATION.THUMBNAIL,
    RELATION.CUSTOM_XML,
    RELATION.WEB_SETTINGS,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)


def empty(imprint: Imprint, choice: Choice) -> Document:
    """Return a document without text: our styles, numbers, settings and properties."""
    document = docx.Document()
    part = document.part
    _fill(part._styles_part.element, "styles")  # noqa: SLF001 - python-docx gives no other way
    _fill(part._settings_part.element, "settings")  # noqa: SLF001 - as above
    _fill(part.numbering_part.element, "numbering")
    for owner in (part, part.package):
        for key, relation in list(owner.rels.items()):
            if relation.reltype in _UNWANTED:
                del owner.rels[key]
            elif relation.reltype == RELATION.FONT_TABLE:
                relation.target_part._blob = _xml("fontTable")  # noqa: SLF001 - as above
            elif relation.reltype == RELATION.EXTENDED_PROPERTIES:
                relation.target_part._blob = _xml("app")  # noqa: SLF001 - as above
    _set_fonts(part._styles_part.element)  # noqa: SLF001 - as above
    _describe(document, imprint, choice)
    return document


def packed(document: Document, time: datetime) -> bytes:
    """Return the document as a file whose entries all carry this time."""
    loose, packed = BytesIO(), BytesIO()
    document.save(loose)
    moment = (max(time.year, _FIRST_YEAR), *time.timetuple()[1:6])
    with ZipFile(loose) as old, ZipFile(packed, "w") as new:
        for name in old.namelist():
            entry = ZipInfo(name, moment)
            entry.compress_type = ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return packed.getvalue()


def _xml(name: str) -> bytes:
    text = files("circle.report.document.word").joinpath(f"{name}.xml").read_text(encoding="utf-8")
    values = {
        "chinese": CHINESE,
        "latin": LATIN,
        "justified": "both" if language() == "zh" else "left",
        "appendix": t("document.appendix", number="%1"),
    }
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text.encode()


def _fill(root: Element, name: str) -> None:
    """Put our own content into a part of python-docx's template."""
    for child in list(root):
        root.remove(child)
    root.extend(list(parse_xml(_xml(name))))


def _set_fonts(styles: Element) -> None:
    """Name the fonts on every style, so that none takes a theme's."""
    for style in styles.iterchildren(qn("w:style")):
        if style.get(qn("w:type")) == "numbering":
            continue
        named = element("rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=CHINESE, cs=LATIN)
        style.get_or_add_rPr().insert(0, named)


def _describe(document: Document, imprint: Imprint, choice: Choice) -> None:
    """Set the file's properties: what it is, who issues it, and when it was made."""
    properties = {
        "title": imprint.title,
        "subject": imprint.subtitle,
        "author": choice.issuer,
        "last_modified_by": choice.issuer,
        "keywords": f"{imprint.software}; {imprint.data_hash}",
        "version": choice.version,
        "comments": "",
        "language": _LANGUAGES[language()],
    }
    core = document.core_properties
    for name, text in properties.items():
        setattr(core, name, one_line(text)[:_LONGEST_PROPERTY])
    core.created = core.modified = imprint.made.astimezone(UTC).replace(tzinfo=None)
    core.revision = 1
