"""An OFD package fits together and is the same each time; a file seal holds for one document, one key, one wording."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from doudi.documents.adapters.eseal import FileSealer, SealBroken, check_seal
from doudi.documents.adapters.ofd import NotAnOfd, read_ofd, write_ofd
from doudi.site.commands.seal import register

AT = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
PAGE = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (8).to_bytes(4) + (8).to_bytes(4) + b"rest"
PDF = b"%PDF-1.7 of a document"


def package(pages: int = 2) -> bytes:
    return write_ofd([PAGE] * pages, PDF, title='样例 <县> & "意见"', made_on=date(2026, 11, 29))


def test_a_package_fits_together_and_holds_the_pdf() -> None:
    found = read_ofd(package())
    assert (found.title, found.pages, found.pdf) == ('样例 <县> & "意见"', 2, PDF)
    assert package() == package()


@pytest.mark.parametrize("part", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/DocumentRes.xml", "Doc_0/Res/page_1.png",
                                  "Doc_0/Pages/Page_0/Content.xml", "Doc_0/Attachs/document.pdf"])  # fmt: skip
def test_a_part_that_is_missing_is_named(part: str) -> None:
    source, made = zipfile.ZipFile(BytesIO(package())), BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            if name != part:
                target.writestr(name, source.read(name))
    with pytest.raises(NotAnOfd, match=part.split("/")[-1].split(".")[0]):
        read_ofd(made.getvalue())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04cut"])
def test_what_is_no_package_is_refused(content: bytes) -> None:
    with pytest.raises(NotAnOfd):
        read_ofd(content)


def test_entities_are_refused_before_they_are_read() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        target.writestr("OFD.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(NotAnOfd, match="entities"):
        read_ofd(made.getvalue())


def test_a_seal_holds(tmp_path: Path) -> None:
    sealer = FileSealer(tmp_path)
    seal = sealer.seal(PDF, name="样例县民政局", at=AT)
    found = sealer.check(PDF, seal)
    assert (found.name, found.at) == ("样例县民政局", AT)
    assert (tmp_path / "seal").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("change", ["document", "name", "at", "sha256", "signature", "key", "nothing"])
def test_a_seal_is_broken_by_any_change(tmp_path: Path, change: str) -> None:
    sealer = FileSealer(tmp_path)
    said = json.loads(sealer.seal(PDF, name="样例县民政局", at=AT))
    public = (tmp_path / "seal.pub").read_text().strip()
    document = PDF + b" " if change == "document" else PDF
    if change == "key":
        other = FileSealer(tmp_path / "other")
        (tmp_path / "other").mkdir()
        said = json.loads(other.seal(PDF, name="样例县民政局", at=AT))
    elif change in said:
        said[change] = said["signature"] if change == "name" else "AAAA" if change == "signature" else "2026-01-01"
    if change == "nothing":
        assert check_seal(document, json.dumps(said).encode(), public).name == "样例县民政局"
        return
    with pytest.raises(SealBroken):
        check_seal(document, json.dumps(said).encode(), public)


def test_the_command_exists() -> None:
    import typer

    app = typer.Typer()
    register(app)
    assert [command.callback.__name__ for command in app.registered_commands if command.callback] == ["seal"]
