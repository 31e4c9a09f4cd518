# ruff: noqa: E501  (tables of files and texts: one a line)
"""F-04: files that are not what they say, or more than they say, are refused or come out clean."""

from __future__ import annotations

import io
import shutil
import socket
import struct
import subprocess
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from doudi.core.errors import Refused, Unavailable
from doudi.core.limits import count_uploads
from doudi.core.models import Upload
from doudi.core.scanner import Clamd
from doudi.core.uploads import CheckedFileField
from doudi.lib.file_kinds import EICAR
from tests.bars.conftest import Bar
from tests.bars.discovered import routes
from tests.bars.seeded import Seeded, seed

EVERY = ("csv", "txt", "xlsx", "zip", "pdf", "jpg", "jpeg", "png", "yaml")
GPS = b"Exif\0\0MM\0*\0\0\0\x08GPSLatitude 39.9 GPSLongitude 116.4 Canon EOS 2026:11:02"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 2, height: int = 2, *more: bytes, behind: bytes = b"") -> bytes:
    """A grey picture; `more` chunks before its points."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"".join(b"\0" + b"\x7f" * min(width, 4) for _ in range(min(height, 4))))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + behind


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 8, height: int = 8, *more: bytes, behind: bytes = b"") -> bytes:
    """The shape of a JPEG: quantisation, size, Huffman table, a scan."""
    size = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    table = b"\0" + bytes([0, 1] + [0] * 14) + b"\0"
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + b"".join(more) + segment(0xDB, b"\0" + b"\x10" * 64)
        + segment(0xC0, size) + segment(0xC4, table) + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x7f\xff\0\x7f" + b"\xff\xd9" + behind
    )  # fmt: skip


def archive(*entries: tuple[str, bytes], **change: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = int(change.get("mode", 0o644)) << 16  # type: ignore[call-overload]
            made.writestr(entry, data)
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HIDDEN = (
    b"%PDF-1.5\n1 0 obj<</Length 9>>stream\n"
    + zlib.compress(b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>")
    + b"\nendstream endobj\n%%EOF\n"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    # what it is: (name, bytes, why)
    "SVG with a script": ("a.svg", lambda: SVG, "extension"),
    "SVG called PNG": ("a.png", lambda: SVG, "content"),
    "SVG called CSV": ("a.csv", lambda: SVG, "content"),
    "SVG behind a mark": ("a.csv", lambda: b"\xef\xbb\xbf  " + SVG, "content"),
    "HTML called text": ("a.txt", lambda: b"<!DOCTYPE html><script>alert(1)</script>", "content"),
    "HTML": ("a.html", lambda: b"<html>", "extension"),
    "two extensions": ("a.csv.exe", lambda: b"a,b\n", "extension"),
    "an extension turned round": ("a\u202evsc.exe", lambda: b"MZ\0", "extension"),
    "an extension turned round, allowed": ("exe\u202e.csv", lambda: b"a,b\n", "extension"),
    "NUL in the name": ("a.exe\0.csv", lambda: b"a,b\n", "extension"),
    "no extension": ("csv", lambda: b"a,b\n", "extension"),
    "a program called workbook": ("a.xlsx", lambda: b"MZ\x90\0\x03\0\0\0", "program"),
    "ELF called CSV": ("a.csv", lambda: b"\x7fELF\x02\x01\x01\0", "program"),
    "a shell script called text": ("a.txt", lambda: b"#!/bin/sh\nid\n", "program"),
    "PDF called workbook": ("a.xlsx", lambda: PDF, "content"),
    "PNG called JPEG": ("a.jpg", png, "content"),
    "GIF called PNG": ("a.png", lambda: b"GIF89a/*\xff\xff*/=alert(1)//", "content"),
    "RTF called text": ("a.txt", lambda: b"{\\rtf1\\object}", "content"),
    "polyglot: PNG and ZIP": ("a.png", lambda: png(behind=archive(("x.html", b"x"))), "two_kinds"),
    "polyglot: JPEG and ZIP": ("a.jpg", lambda: jpeg(behind=archive(("x.html", b"x"))), "two_kinds"),
    "polyglot: PDF and ZIP": ("a.pdf", lambda: PDF + archive(("x.html", b"x")), "two_kinds"),
    "polyglot: ZIP behind a text": ("a.csv", lambda: b"a,b\n1,2\n" + archive(("x.html", b"x")), "two_kinds"),
    "polyglot: ZIP behind a program's mark": ("a.zip", lambda: b"PK\x03\x04" + b"x" * 40 + archive(("x.csv", b"x")), "two_kinds"),
    "polyglot: script behind a ZIP": ("a.zip", lambda: archive(("x.csv", b"x")) + b"<script>alert(1)</script>", "two_kinds"),
    "polyglot: PDF within a text": ("a.txt", lambda: b"a,b\n%PDF-1.4 1 0 obj", "two_kinds"),
    "PDF with a script": ("a.pdf", lambda: PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction 3 0 R"), "active"),
    "PDF with an escaped name": ("a.pdf", lambda: PDF.replace(b"/Type/Catalog", b"/Type/Catalog/J#61vaScript 3 0 R"), "active"),
    "PDF with a packed script": ("a.pdf", lambda: HIDDEN, "active"),
    "PDF that launches": ("a.pdf", lambda: PDF.replace(b"/Type/Catalog", b"/AA<</O<</S/Launch/F(cmd.exe)>>>>"), "active"),
    "PDF with a file in it": ("a.pdf", lambda: PDF.replace(b"/Type/Catalog", b"/Names<</EmbeddedFiles 3 0 R>>"), "active"),
    "PDF with a password": ("a.pdf", lambda: PDF.replace(b"/Root", b"/Encrypt 9 0 R/Root"), "sealed"),
    "PDF cut off": ("a.pdf", lambda: PDF.replace(b"%%EOF", b"") + b" " * 2000, "two_kinds"),
    "50,000 × 50,000 points, PNG": ("a.png", lambda: png(50_000, 50_000), "too_large"),
    "50,000 × 50,000 points, JPEG": ("a.jpg", lambda: jpeg(50_000, 50_000), "too_large"),
    "a picture of no height": ("a.png", lambda: png(2, 0), "too_large"),
    "a broken PNG": ("a.png", lambda: png()[:40], "damaged"),
    "a PNG whose sums are wrong": ("a.png", lambda: png()[:-6] + b"\0\0\0\0\0\0", "damaged"),
    "a JPEG without an end": ("a.jpg", lambda: jpeg()[:-2], "damaged"),
    "EICAR as text": ("a.txt", lambda: EICAR, "virus"),
    "EICAR as CSV with cells before": ("a.csv", lambda: b"a,b\n" + EICAR, "virus"),
    "zip bomb": ("a.zip", lambda: archive(("a.csv", b" " * (80 * 2**20))), "bomb"),
    "zip of too many": ("a.zip", lambda: archive(*((f"{n}.csv", b"") for n in range(2001))), "entries"),
    "zip slip": ("a.zip", lambda: archive(("../../etc/cron.d/x", b"x")), "path"),
    "zip slip, absolute": ("a.zip", lambda: archive(("/etc/cron.d/x", b"x")), "path"),
    "zip slip, backslash": ("a.zip", lambda: archive(("..\\..\\x.csv", b"x")), "path"),
    "zip slip, drive": ("a.zip", lambda: archive(("C:x.csv", b"x")), "path"),
    "zip with a link": ("a.zip", lambda: archive(("x.csv", b"/etc/passwd"), mode=0o120777), "link"),
    "zip with a device": ("a.zip", lambda: archive(("x.csv", b""), mode=0o020666), "link"),
    "zip within a zip": ("a.zip", lambda: archive(("inner.zip", archive(("x.csv", b"x")))), "nested"),
    "a damaged zip": ("a.zip", lambda: archive(("x.csv", b"x" * 999))[:60], "damaged"),
}  # fmt: skip


class AnyFile(forms.Form):
    """A form that takes everything that is taken anywhere."""

    file = CheckedFileField(kinds=EVERY, most=512 * 2**20)


def handed_in(name: str, data: bytes) -> AnyFile:
    file = SimpleUploadedFile("x", data)
    file._name = name  # Django's own cleaning of names is not what is tested here
    return AnyFile({}, {"file": file})


@pytest.mark.bar("F-04", "polyglots, scripts, bombs, floods of points, viruses: refused, each for its reason")
def test_harmful_files_are_refused(bar: Bar) -> None:
    wrong = []
    for kind, (name, make, why) in REFUSED.items():
        data = make()
        started = time.monotonic()
        form = handed_in(name, data)
        said = [] if form.is_valid() else [error.code for error in form.errors.as_data()["file"]]
        wrong += [f"{kind}: {said or 'taken'}, wanted {why}"] if said != [why] else []
        wrong += [f"{kind}: slow"] if time.monotonic() - started > 5 else []
    bar.says(f"{len(REFUSED)} harmful files, {len(REFUSED) - len(wrong)} refused for the right reason")
    assert not wrong, "\n".join(wrong)


@pytest.mark.bar("F-04", "pictures lose place, time and device, and whatever hangs behind them")
def test_pictures_come_out_clean(bar: Bar) -> None:
    comment, exif = chunk(b"tEXt", b"Comment\0" + GPS), chunk(b"eXIf", GPS[6:])
    dirty = {
        "a.png": png(2, 2, comment, exif, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0GPS"), behind=b"<script>GPS</script>"),
        "a.jpg": jpeg(8, 8, segment(0xE1, GPS), segment(0xFE, b"GPS Canon"), segment(0xED, b"Photoshop GPS"), behind=b"GPS<?php"),
        "b.jpeg": jpeg(8, 8, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<GPS/>")),
    }  # fmt: skip
    left = []
    for name, data in dirty.items():
        form = handed_in(name, data)
        assert form.is_valid(), form.errors
        clean = form.cleaned_data["file"].read()
        left += [name for mark in (b"GPS", b"Canon", b"<script", b"<?php", b"2026:11") if mark in clean]
        assert clean[:4] == data[:4]
    bar.says(f"{len(dirty)} pictures with place and device, {len(left)} notes left")
    assert not left


def test_good_files_are_taken_as_they_are() -> None:
    book = io.BytesIO()
    import xlsxwriter

    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        made.add_worksheet().write_string(0, 0, "甲")
    good = {
        "a.csv": "证件号码,姓名\n1,甲\n".encode(), "b.csv": "姓名\n甲\n".encode("gb18030"), "BMI表.csv": b"BMI,MZ\n1,2\n",
        "c.txt": b"a|b\n", "d.xlsx": book.getvalue(), "e.zip": archive(("x.yaml", b"a: 1")), "f.pdf": PDF,
        "g.yaml": b"rules: {}\n", "h.png": png(), "i.JPG": jpeg(),
    }  # fmt: skip
    wrong = {name: form.errors for name, data in good.items() if not (form := handed_in(name, data)).is_valid()}
    assert not wrong
    for name in ("a.csv", "d.xlsx", "f.pdf"):
        form = handed_in(name, good[name])
        assert form.is_valid()
        assert form.cleaned_data["file"].read() == good[name]


@pytest.fixture
def seeded(db: None, tmp_path: Path) -> Seeded:
    return seed(tmp_path)


@pytest.mark.bar("F-04", "every address that takes files refuses what it does not take, with a page that says why")
def test_every_address_that_takes_files(bar: Bar, seeded: Seeded) -> None:
    doors = [route for route in routes() if getattr(route.view, "doudi_files", 0)]
    officer, wrong, tried = seeded.client("county_officer"), [], 0
    # what is not printed of a name and what stands before a slash does not come through Django's reader of forms
    harmful = [(name, make) for name, make, _why in REFUSED.values() if name.isprintable() and "/" not in name]
    for door in doors:
        for name, make in harmful if bar.full else harmful[::6]:
            tried += 1
            file = SimpleUploadedFile(name, make())
            data = {"file": file, "place": "990101", "title": "x", "kind": "file", "as_of": "2026-07-01", "act": "look"}
            answer = officer.post(door.address, data)
            if answer.status_code not in (200, 400, 409, 413, 422) or b'class="error"' not in answer.content:
                wrong.append(f"{door.address} {name}: {answer.status_code}")
    bar.says(f"{len(doors)} addresses take files, {tried} harmful files handed in, {len(wrong)} not refused")
    assert len(doors) >= 3
    assert not wrong, "\n".join(wrong)


@pytest.mark.bar("F-04", "quotas of a day, by count and by bytes, for one account and for the house")
def test_quotas(bar: Bar, seeded: Seeded) -> None:
    refused = 0
    for each, everybody in (
        ((3, 10**9), (99, 10**9)),
        ((99, 300), (99, 10**9)),
        ((99, 10**9), (3, 10**9)),
        ((99, 10**9), (99, 300)),
    ):
        Upload.objects.all().delete()
        with override_settings(UPLOADS_A_DAY_EACH=each, UPLOADS_A_DAY_ALL=everybody):
            for _ in range(3):
                count_uploads("somebody", [100])
            with pytest.raises(Refused):
                count_uploads("somebody", [100])
            refused += 1
            if everybody == (99, 10**9):
                count_uploads("somebody else", [100])
    with override_settings(UPLOADS_A_DAY_EACH=(0, 0)):
        answer = seeded.client("county_officer").post(
            "/deliveries/receive/", {"file": SimpleUploadedFile("a.csv", b"a\n")}
        )
    assert answer.status_code == 409
    assert "已到上限" in answer.content.decode()
    bar.says(f"{refused} of 4 quotas hold, and on the page")


def test_no_form_takes_files_unchecked() -> None:
    """Django's own field is used nowhere, and a view that reads files says so."""
    from tests.architecture.project import PACKAGE, modules, name_of

    wrong = []
    for path, text in modules().items():
        if path != PACKAGE / "core" / "uploads.py" and ("forms.FileField" in text or "forms.ImageField" in text):
            wrong.append(name_of(path))
        if "request.FILES" in text and "takes_files" not in text and path.parent != PACKAGE / "core":
            wrong.append(f"{name_of(path)}: request.FILES without @takes_files")
    assert not wrong


def test_a_stranger_cannot_send_much(client: object, db: None) -> None:
    from django.test import Client

    answer = Client().post("/accounts/login/", {"login": SimpleUploadedFile("a.csv", b"x" * 2**20)})
    assert answer.status_code == 413


CLAMD = shutil.which("clamd") or ("/usr/sbin/clamd" if Path("/usr/sbin/clamd").exists() else None)


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """A real clamd with one signature of our own (its usual ones would have to be fetched)."""
    if CLAMD is None:
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    import hashlib

    (tmp_path / "db").mkdir()
    harmful = b"doudi harmless test signature"
    (tmp_path / "db" / "own.hdb").write_text(f"{hashlib.md5(harmful).hexdigest()}:{len(harmful)}:Doudi.Test\n")
    path = tmp_path / "clamd.sock"
    (tmp_path / "clamd.conf").write_text(
        f"LocalSocket {path}\nDatabaseDirectory {tmp_path / 'db'}\nForeground yes\nLogFile {tmp_path / 'clamd.log'}\nUser root\n"
    )
    process = subprocess.Popen(
        [CLAMD, "-c", str(tmp_path / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as wire:
            if path.exists() and wire.connect_ex(str(path)) == 0:
                break
        time.sleep(0.1)
    yield f"unix:{path}"
    process.terminate()
    process.wait()


def test_a_real_scanner_is_asked(clamd: str) -> None:
    known = Clamd(clamd)
    assert known.finds([b"doudi harmless ", b"test signature"]).startswith("Doudi.Test")
    assert known.finds([b"a,b\n", b"1,2\n" * 100_000]) == ""
    with override_settings(SCANNER=clamd):
        assert handed_in("a.csv", b"a,b\n").is_valid()
        form = handed_in("a.txt", b"doudi harmless test signature")
        assert [error.code for error in form.errors.as_data()["file"]] == ["virus"]


def test_a_scanner_that_does_not_answer_stops_the_upload(tmp_path: Path) -> None:
    for address in (f"unix:{tmp_path / 'nobody.sock'}", "tcp:127.0.0.1:9"):
        with pytest.raises(Unavailable):
            Clamd(address).finds([b"x"])
        with override_settings(SCANNER=address), pytest.raises(Unavailable):
            handed_in("a.csv", b"a,b\n").is_valid()
