"""Sheets that come in: read in a child process under limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Malformed

MAX_BYTES = 2 * 2**20
SECONDS = 30
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
REFUSALS = {
    "rows": _("表格太长，最多 5000 行。请分几次导入。"),
    "size": _("文件太大，没有打开。请只保留标准表再导入。"),
    "encoding": _("看不懂文件的文字编码。请用 UTF-8 或 GB18030 保存，或用 XLSX。"),
    "format": _("这不是能读的表格。请用 CSV 或 XLSX。"),
}


def rows_in(data: bytes) -> list[list[str]]:
    """The rows of a sheet that somebody sent, as texts. Malformed if it cannot be read within the limits."""
    if len(data) > MAX_BYTES:
        raise Malformed("rulebook.sheet_size", REFUSALS["size"])
    with TemporaryDirectory(prefix="doudi-sheet-") as folder:
        path = Path(folder) / "sheet"
        path.write_bytes(data)
        answer = _asked(path)
    if "rows" not in answer:
        code = str(answer.get("refused"))
        raise Malformed("rulebook.sheet_" + code, REFUSALS.get(code, REFUSALS["format"]))
    rows: list[list[str]] = answer["rows"]
    return rows


def _asked(path: Path) -> dict[str, list[list[str]]]:
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    command = [sys.executable, "-m", "doudi.rulebook.adapters.sheet_child", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, env=environment)
        answer: dict[str, list[list[str]]] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {}
    return answer
