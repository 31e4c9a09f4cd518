"""A QR code as the path of an SVG: drawn by our own template, so that no inline style is needed."""

from __future__ import annotations

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode


@dataclass(frozen=True, slots=True)
class Picture:
    """Side length in modules with the quiet zone, and the path of the dark ones."""

    side: int
    path: str


def picture(text: str) -> Picture:
    """The code of a text."""
    code = QRCode(border=4, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Picture(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
