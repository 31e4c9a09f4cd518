"""The sender's own file back, with a column that says what is wrong in each row."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Missing, Unavailable
from doudi.sources.models import Delivery
from doudi.sources.places import original_path, workshop
from doudi.sources.queries.agreements import feeds
from doudi.sources.queries.deliveries import delivery_report, problems
from doudi.sources.reading.annotating import Annotation
from doudi.sources.reading.job import Limits
from doudi.sources.reading.running import Reader
from doudi.sources.sealing import opened

NOT_OPENED = ("zip.", "sheet.far_cell", "sheet.missing", "file.")
"""Files refused for this are not opened a second time."""


def original_context(delivery: uuid.UUID) -> str:
    """What the sealed original is bound to."""
    return f"sources_delivery|original|{delivery}"


def can_be_annotated(delivery: Delivery) -> bool:
    """Whether the sender's file can be given back with a column of problems."""
    code = delivery.problem["code"] if delivery.problem else ""
    return delivery.has_original and not code.startswith(NOT_OPENED)


def annotated_name(delivery: Delivery, lang: str) -> str:
    """The sender's name of the file, with a word that it is the one with problems."""
    stem, dot, ending = delivery.file_name.rpartition(".")
    mark = "问题" if lang == "zh" else "problems"
    return f"{stem}_{mark}.{ending}" if dot else f"{delivery.file_name}_{mark}"


def annotated_file(
    delivery_id: uuid.UUID, *, lang: str = "zh", mark: str = "", full: bool = False
) -> tuple[str, bytes]:
    """(file name, bytes) in the sender's own format, encoding and delimiter; numbers masked unless `full`; the mark
    of who takes it in a last line.

    Missing when the original is no longer kept, or was refused as not safe or not possible to open.
    """
    found = delivery_report(delivery_id)
    path = original_path(delivery_id)
    if not found.has_original or not path.exists():
        raise Missing("sources.original_gone", _("原文件已按期删除，不能再取回。"))
    if not can_be_annotated(found):
        raise Missing("sources.not_opened", _("这份文件打不开，不能加上问题一列。请看报告里的说明。"))
    with workshop() as folder:
        plain = folder / "delivery"
        plain.touch(mode=0o600)
        with plain.open("wb") as file:
            for piece in opened(path, original_context(delivery_id)):
                file.write(piece)
        with Reader() as reader:
            data = reader.annotate(_annotation(found, plain, folder, lang, mark, full))
    if data is None:
        raise Unavailable("sources.not_annotated", _("没能在限定的时间和内存里写出文件。请稍后再试。"))
    return annotated_name(found, lang), data


def _annotation(found: Delivery, plain: Path, folder: Path, lang: str, mark: str, full: bool) -> Annotation:
    feed = feeds().get(found.feed)
    by_row: dict[int, list[str]] = {}
    for one in problems(found.id):
        by_row.setdefault(one["row"] or 1, []).append(one["message"][lang])
    return Annotation(
        path=str(plain),
        folder=str(folder),
        limits=Limits(),
        is_text=feed is None or feed.format == "csv",
        encoding=found.report.get("encoding") or "utf-8",
        delimiter=found.report.get("delimiter") or (feed.delimiter if feed else ","),
        sheet=found.report.get("sheet") or "",
        header_row=found.report.get("header_row") or 0,
        heading="问题" if lang == "zh" else "Problem",
        mark=mark,
        full=full,
        by_row={row: ("；" if lang == "zh" else " ").join(texts) for row, texts in by_row.items()},
    )
