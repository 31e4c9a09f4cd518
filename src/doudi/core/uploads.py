"""The form field for files: what its name says, what its bytes are, and that both are of a kind the form takes.

Every form that takes a file uses it (a test looks for Django's own). Text stays text; an archive may be opened; a
picture comes out without its notes; a document does nothing by itself; a scanner, if there is one, has seen it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from doudi.core.scanner import scanner
from doudi.lib import archives, documents, file_kinds, images

MOST_IMAGE, MOST_DOCUMENT = 20 * 2**20, 50 * 2**20
WHY = {
    "extension": _("这里不收这样的文件。请交：%(kinds)s。"),
    "content": _("文件内容和它的名字不符。请用原来的程序重新保存一份再交。"),
    "two_kinds": _("文件里还藏着另一种文件，没有收。请用原来的程序重新保存一份再交。"),
    "program": _("这是程序或脚本，不是数据文件，没有收。"),
    "virus": _("文件里有病毒，没有收。请告诉送文件的单位，并请系统管理员检查这台电脑。"),
    "damaged": _("文件打不开，可能已损坏。请重新保存一份再交。"),
    "entries": _("压缩包里的文件太多，没有打开。"),
    "bomb": _("压缩包解开后太大，没有打开。"),
    "path": _("压缩包里有指向别处的路径，没有打开。"),
    "link": _("压缩包里有链接或特殊文件，没有打开。"),
    "nested": _("压缩包里还有压缩包，没有打开。请直接交里面的文件。"),
    "twice": _("压缩包里有重名的文件，没有打开。"),
    "password": _("文件有密码，打不开。请去掉密码再交。"),
    "sealed": _("文件有密码，打不开。请去掉密码再交。"),
    "too_large": _("图片太大。请缩小到 4000 万像素以内再交。"),
    "active": _("这份 PDF 带有会自己运行的内容，没有收。请打印成新的 PDF 再交。"),
    "size": _("文件太大，没有打开。"),
}


class CheckedFileField(forms.FileField):
    """`kinds`: the extensions taken; `most`: bytes. `checks_archive=False` where whoever reads it says it better."""

    def __init__(self, *, kinds: Iterable[str], most: int, checks_archive: bool = True, **kwargs: Any) -> None:
        self.kinds, self.most, self._checks_archive = frozenset(kinds), most, checks_archive
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(f".{kind}" for kind in sorted(self.kinds))

    def to_python(self, data: Any) -> Any:
        """The file, checked; a picture as a new one without its notes."""
        file = super().to_python(data)
        return self._checked(file) if isinstance(file, UploadedFile) and file.size else file

    def _checked(self, file: UploadedFile[bytes]) -> UploadedFile[bytes]:
        size = int(file.size or 0)
        if size > self.most:
            raise self._wrong("size")
        try:
            kind = file_kinds.check(str(file.name), _ends(file, size), self.kinds)
            self._inside(kind, file, size)
            if kind in ("jpeg", "png"):
                file = _cleaned(file)
        except (file_kinds.NotThat, archives.BadArchive, images.BadImage, documents.BadDocument) as error:
            raise self._wrong(error.code) from None
        finally:
            file.seek(0)
        known = scanner()
        if known is not None and known.finds(file.chunks()):
            raise self._wrong("virus")
        file.seek(0)
        return file

    def _inside(self, kind: str, file: UploadedFile[bytes], size: int) -> None:
        if kind == "zip" and self._checks_archive:
            archives.check(file, size)
        elif kind == "pdf":
            if size > MOST_DOCUMENT:
                raise self._wrong("size")
            file.seek(0)
            documents.check(file.read())
        elif kind in ("jpeg", "png") and size > MOST_IMAGE:
            raise self._wrong("size")

    def _wrong(self, code: str) -> forms.ValidationError:
        kinds = "、".join(sorted(kind.upper() for kind in self.kinds))
        return forms.ValidationError(self.error_messages.get(code, WHY[code]), code=code, params={"kinds": kinds})


def _ends(file: UploadedFile[bytes], size: int) -> file_kinds.Ends:
    file.seek(0)
    head = file.read(file_kinds.HEAD)
    file.seek(max(0, size - file_kinds.TAIL))
    tail = file.read()
    file.seek(0)
    return file_kinds.Ends(head, tail, size)


def _cleaned(file: UploadedFile[bytes]) -> UploadedFile[bytes]:
    file.seek(0)
    return SimpleUploadedFile(str(file.name), images.cleaned(file.read()), file.content_type or "")
