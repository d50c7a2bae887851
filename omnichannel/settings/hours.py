"""`[hours]`: when the office is open, a list of spans for each day of the week."""

import re
from datetime import time

from omnichannel.domain.hours import OfficeHours
from omnichannel.settings.rows import Row

DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
SPAN = re.compile(r"([01]\d|2[0-3])[.:]([0-5]\d)\s*[-–]\s*([01]\d|2[0-4])[.:]([0-5]\d)")


def load_hours(main: Row) -> OfficeHours | None:
    """None where nothing is said of hours. Exact errors for what cannot be."""
    found = main.raw("hours")
    if found is None:
        return None
    row = Row(found, main.file, "hours", (*DAYS, "notice"))
    days = {number: _spans(row, name) for number, name in enumerate(DAYS)}
    given = {number: spans for number, spans in days.items() if spans}
    if not given:
        row.wrong(DAYS[0], 'at least one day, such as ["08.00-16.00"]')
    return OfficeHours(given, notify=row.flag("notice") if row.raw("notice") is not None else True)


def _spans(row: Row, name: str) -> tuple[tuple[time, time], ...]:
    spans: list[tuple[time, time]] = []
    for text in row.texts(name):
        match = SPAN.fullmatch(text)
        if match is None:
            row.wrong(name, 'spans such as ["08.00-12.00", "13.00-16.00"]')
        begin, end = time(int(match[1]), int(match[2])), _end(match[3], match[4])
        if begin >= end or (spans and begin < spans[-1][1]):
            row.wrong(name, "spans that end after they begin, in their order")
        spans.append((begin, end))
    return tuple(spans)


def _end(hour: str, minute: str) -> time:
    """Midnight at the end of a day is its last moment."""
    return time.max if hour == "24" else time(int(hour), int(minute))
