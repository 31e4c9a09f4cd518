"""Policy files as one ZIP: the same bytes for the same files, opened with care."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from doudi.rulebook.logic.bundle import policy_files
from doudi.rulebook.logic.parcel import BadParcel, of_place, packed, unpacked

ROOT = Path(__file__).resolve().parents[2] / "policy"


def archive(*entries: tuple[str, str], attributes: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = attributes
            made.writestr(entry, text)
    return out.getvalue()


def test_what_is_packed_comes_out_again_and_the_same_files_give_the_same_bytes() -> None:
    files = policy_files(ROOT)
    data = packed(files, {"rulebook": "x"})
    assert unpacked(data) == files and data == packed(dict(reversed(files.items())), {"rulebook": "x"})


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../x.yaml", "outside"), ("/etc/x.yaml", "outside"), ("places\\x.yaml", "outside"), ("C:/x.yaml", "outside"),
        ("x.py", "kind"), ("x", "kind"),
    ],
)  # fmt: skip
def test_a_path_outside_or_another_kind_of_file_is_refused(name: str, code: str) -> None:
    with pytest.raises(BadParcel) as caught:
        unpacked(archive((name, "x: 1")))
    assert caught.value.code == code


def test_a_link_is_refused() -> None:
    with pytest.raises(BadParcel) as caught:
        unpacked(archive(("x.yaml", "/etc/passwd"), attributes=0o120777 << 16))
    assert caught.value.code == "kind"


def test_too_much_is_refused() -> None:
    with pytest.raises(BadParcel) as caught:
        unpacked(archive(("x.yaml", "x" * (256 * 1024 + 1))))
    assert caught.value.code == "too_large"
    with pytest.raises(BadParcel) as caught:
        unpacked(archive(*((f"{n}.yaml", "") for n in range(2001))))
    assert caught.value.code == "too_many"
    with pytest.raises(BadParcel) as caught:
        unpacked(archive(*((f"{n}.yaml", "x" * 250_000) for n in range(70))))
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 100])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    with pytest.raises(BadParcel) as caught:
        unpacked(data)
    assert caught.value.code == "not_a_zip"


def test_a_zip_that_was_damaged_on_the_way_is_refused_whichever_byte_it_is() -> None:
    data = packed({"places/11/rules.yaml": "rules: {}\n" * 500}, {"a": "b"})
    for at in range(30, len(data)):
        damaged = bytearray(data)
        damaged[at] ^= 0xFF
        try:
            unpacked(bytes(damaged))
        except BadParcel:
            continue


def test_the_folder_of_a_place_is_found_wherever_the_folder_stands() -> None:
    files = {"places/11/rules.yaml": "a", "x/policy/places/12/rules.yaml": "b", "facts/x.yaml": "c"}
    assert of_place(files, "11") == {"rules.yaml": "a"} and of_place(files, "12") == {"rules.yaml": "b"}
