"""A document as OFD (GB/T 33190-2016), the layout format that offices in China exchange.

What it is: a package whose pages look exactly like the printed document, one picture a page, with the PDF beside them
as an attachment; the same input gives the same bytes; `read_ofd` checks every reference. What it is not: text in it
cannot be selected, it carries no signature of GB/T 38540, and no supplier's reader has certified it.
"""

from __future__ import annotations

import hashlib
import io
import struct
import uuid
import zipfile
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

SPACE = "http://www.ofdspec.org/2016"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
WIDTH, HEIGHT = 210, 297
SAME_DAY = (1980, 1, 1, 0, 0, 0)
ATTACHED = "document.pdf"
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 200 << 20


class NotAnOfd(ValueError):
    """The file is not an OFD package whose parts fit together; the message says which part."""


@dataclass(frozen=True, slots=True)
class Ofd:
    """What a package holds."""

    title: str
    pages: int
    pdf: bytes


def write_ofd(pages: list[bytes], pdf: bytes, *, title: str, made_on: date) -> bytes:
    """The package of pages (PNG, A4) and the PDF they were made with."""
    if not pages or any(not page.startswith(PNG) for page in pages):
        raise NotAnOfd("pages must be PNG, one at least")
    own = uuid.UUID(bytes=hashlib.sha256(pdf).digest()[:16]).hex
    files = {"OFD.xml": _entry(own, title, made_on), "Doc_0/Document.xml": _document(len(pages))}
    files["Doc_0/DocumentRes.xml"] = _resources(len(pages))
    files["Doc_0/Attachs/Attachments.xml"] = _attachments(len(pdf))
    parts = {name: (HEAD + text).encode() for name, text in files.items()}
    for number, page in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (HEAD + _page(number, len(pages))).encode()
        parts[f"Doc_0/Res/page_{number}.png"] = page
    parts[f"Doc_0/Attachs/{ATTACHED}"] = pdf
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, SAME_DAY), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def read_ofd(content: bytes) -> Ofd:
    """Follows every reference from OFD.xml on; NotAnOfd where one leads nowhere or a page is no picture."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise NotAnOfd("not a package") from None
    if sum(info.file_size for info in package.infolist()) > LARGEST or package.testzip():
        raise NotAnOfd("too large, or a part is damaged")
    body = _parsed(package, "OFD.xml").find(f"{{{SPACE}}}DocBody")
    root = _text(body, "DocRoot")
    document = _parsed(package, root)
    folder = root.rsplit("/", 1)[0]
    pictures = _pictures(package, folder, document)
    pages = document.findall(f".//{{{SPACE}}}Page")
    for page in pages:
        content_part = _parsed(package, f"{folder}/{page.get('BaseLoc')}")
        shown = content_part.find(f".//{{{SPACE}}}ImageObject")
        name = pictures.get(shown.get("ResourceID", "") if shown is not None else "")
        if name is None or struct.unpack(">II", _part(package, name)[16:24])[0] == 0:
            raise NotAnOfd(f"page {page.get('ID')} shows nothing")
    attached = _text(_parsed(package, f"{folder}/{_text(document, 'Attachments')}"), "FileLoc")
    info = body.find(f"{{{SPACE}}}DocInfo") if body is not None else None
    return Ofd(_text(info, "Title"), len(pages), _part(package, f"{folder}/Attachs/{attached}"))


def _entry(own: str, title: str, made_on: date) -> str:
    return (
        f'<ofd:OFD xmlns:ofd="{SPACE}" Version="1.2" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>{own}</ofd:DocID><ofd:Title>{_escaped(title)}</ofd:Title><ofd:CreationDate>{made_on.isoformat()}</ofd:CreationDate>"
        "<ofd:Creator>Doudi</ofd:Creator></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )


def _document(pages: int) -> str:
    listed = "".join(
        f'<ofd:Page ID="{2 * pages + 10 + number}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
        for number in range(pages)
    )
    area = f"<ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH} {HEIGHT}</ofd:PhysicalBox></ofd:PageArea>"
    return (
        f'<ofd:Document xmlns:ofd="{SPACE}"><ofd:CommonData><ofd:MaxUnitID>{5 * pages + 20}</ofd:MaxUnitID>{area}'
        f"<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
        "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>"
    )


def _resources(pages: int) -> str:
    listed = "".join(
        f'<ofd:MultiMedia ID="{number + 1}" Type="Image" Format="PNG"><ofd:MediaFile>page_{number}.png</ofd:MediaFile>'
        "</ofd:MultiMedia>"
        for number in range(pages)
    )
    return f'<ofd:Res xmlns:ofd="{SPACE}" BaseLoc="Res"><ofd:MultiMedias>{listed}</ofd:MultiMedias></ofd:Res>'


def _page(number: int, pages: int) -> str:
    layer, shown = 3 * pages + 10 + number, 4 * pages + 10 + number
    return (
        f'<ofd:Page xmlns:ofd="{SPACE}"><ofd:Area><ofd:PhysicalBox>0 0 {WIDTH} {HEIGHT}</ofd:PhysicalBox></ofd:Area>'
        f'<ofd:Content><ofd:Layer ID="{layer}" Type="Body"><ofd:ImageObject ID="{shown}" ResourceID="{number + 1}" '
        f'Boundary="0 0 {WIDTH} {HEIGHT}" CTM="{WIDTH} 0 0 {HEIGHT} 0 0"/></ofd:Layer></ofd:Content></ofd:Page>'
    )


def _attachments(size: int) -> str:
    return (
        f'<ofd:Attachments xmlns:ofd="{SPACE}"><ofd:Attachment ID="1" Name="PDF" Format="pdf" Size="{size / 1024:.1f}">'
        f"<ofd:FileLoc>{ATTACHED}</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
    )


def _pictures(package: zipfile.ZipFile, folder: str, document: ElementTree.Element) -> dict[str, str]:
    """Parts with pictures by their id."""
    resources = _parsed(package, f"{folder}/{_text(document, 'DocumentRes')}")
    base = resources.get("BaseLoc", "")
    return {
        medium.get("ID", ""): f"{folder}/{base}/{_text(medium, 'MediaFile')}"
        for medium in resources.iter(f"{{{SPACE}}}MultiMedia")
    }


def _parsed(package: zipfile.ZipFile, name: str) -> ElementTree.Element:
    content = _part(package, name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NotAnOfd(f"{name} declares entities")
    try:
        return ElementTree.fromstring(content)  # noqa: S314  (no entities, see above)
    except ElementTree.ParseError:
        raise NotAnOfd(f"{name} is no XML") from None


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        return package.read(name)
    except KeyError:
        raise NotAnOfd(f"{name} is missing") from None


def _text(element: ElementTree.Element | None, name: str) -> str:
    found = element.find(f".//{{{SPACE}}}{name}") if element is not None else None
    if found is None or not found.text:
        raise NotAnOfd(f"{name} is missing")
    return found.text


def _escaped(text: str) -> str:
    return quoteattr(text)[1:-1]
