"""CSV that spreadsheets and course systems import, and in which no cell is run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
"""Put before a file: without it Excel takes Korean for another encoding."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet may run; the wide signs count where East Asian text is typed."""


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """RFC 4180, without a byte order mark; a cell that a spreadsheet would run as a formula is kept as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()
