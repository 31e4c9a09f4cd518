"""`python -m tests.bars.bombs`: files that would fill memory or disk, through the reader; prints one JSON line.

In a process of its own, so that the memory of its children is theirs alone.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
import time
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

SHEET = "xl/worksheets/sheet1.xml"


def packed(*entries: tuple[str, bytes], mode: int = 0o644) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, mode << 16
            archive.writestr(entry, data)
    return out.getvalue()


def nested(depth: int) -> bytes:
    """A bomb in a bomb in a bomb."""
    data = packed(("a.xml", b" " * (30 * 2**20)))
    for _ in range(depth):
        data = packed(*((f"{number}.zip", data) for number in range(16)))
    return data


def overlapping() -> bytes:
    """Many entries that are all the same bytes of the file (one kernel, unpacked a thousand times)."""
    data = bytearray(packed((SHEET, b" " * (20 * 2**20))))
    at = data.find(b"PK\x01\x02")
    end = data.find(b"PK\x05\x06")
    record = bytes(data[at:end])
    many = 1500
    tail = bytearray(data[end : end + 22])
    tail[8:10] = tail[10:12] = struct.pack("<H", many)
    tail[12:16] = struct.pack("<I", len(record) * many)
    return bytes(data[:at]) + record * many + bytes(tail)


def bombs() -> dict[str, Callable[[], bytes]]:
    """What they are, and how they are made."""
    from tests.sources import test_bad_files as bad

    return {
        "a far cell": bad.far_cell,
        "a far cell without an address": bad.far_cell_without_address,
        "a bomb": bad.bomb,
        "a bomb that lies about its size": bad.lying_bomb,
        "a billion laughs": bad.entities,
        "a path that leads outside": bad.outside,
        "a bomb within a bomb": lambda: nested(2),
        "entries that overlap": overlapping,
        "a link": lambda: packed((SHEET, b"/etc/passwd"), mode=0o120777),
        "a thousand to one": lambda: packed((SHEET, b"\0" * (400 * 2**20))),
        "two thousand and one entries": lambda: packed(*((f"{number}.xml", b"") for number in range(2001))),
        "an archive that holds itself": lambda: packed(("a.zip", packed(("a.zip", packed(("a.zip", b"PK")))))),
    }


SECONDS, TRIES = 2, 3


def is_taken(code: str) -> bool:
    """Whether a file came through; once in several tries is enough."""
    return code.startswith("taken")


def main() -> None:
    """Reads each; says how long, how it ended, and the most memory any child had."""
    import tests.conftest  # noqa: F401  (a house for this process)
    from doudi.sources.queries import feeds
    from doudi.sources.reading.job import Job, Limits
    from doudi.sources.reading.running import Reader
    from tests.sources.conftest import AT, SECRET

    said = {}
    with TemporaryDirectory() as folder, Reader() as reader:

        def tried(data: bytes) -> tuple[float, str]:
            """Seconds until a file is answered, and how."""
            own = Path(folder) / uuid.uuid4().hex
            own.mkdir()
            (own / "delivery").write_bytes(data)
            job = Job(
                feeds()["nongye_butie"], str(own / "delivery"), str(own), uuid.uuid4(), AT.date(), None,
                Limits(memory=2 * 2**30, wall=20), "intl", SECRET,
            )  # fmt: skip
            started = time.monotonic()
            outcome = reader.read(job)
            code = outcome.refusal["code"] if outcome.refusal else f"taken, {outcome.accepted} rows"
            return round(time.monotonic() - started, 2), code

        for name, make in bombs().items():
            data = make()
            tries = [tried(data)]
            while tries[-1][0] > SECONDS and len(tries) < TRIES:  # what the file costs, not what else the machine did
                tries.append(tried(data))
            said[name] = min(took for took, _code in tries), max((code for _took, code in tries), key=is_taken)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write(json.dumps({"files": said, "peak_mib": peak}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
