"""`[ppid]`: what the law leaves to the office in the life of an information request."""

import re

from omnichannel.domain.errors import BadConfig
from omnichannel.domain.ppid import ClockStart, PpidRules
from omnichannel.settings.rows import Row

KEYS = (
    "clock_starts", "waiting_stops", "ask_at_once", "link_days", "link_tries", "lapse_after", "approval", "unit_days",
    "superior", "objection_number", "split", "embed_hosts",
)  # fmt: skip
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,59}")
HOST = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\*\.[a-z0-9.-]+")


def load_ppid(main: Row) -> PpidRules:
    """Exact errors for what cannot be."""
    row = Row(main.raw("ppid") or {}, main.file, "ppid", KEYS)
    plain = PpidRules()
    starts = row.text("clock_starts", plain.clock_starts.value)
    if starts not in set(ClockStart):
        row.wrong("clock_starts", '"received" or "complete"')
    return PpidRules(
        clock_starts=ClockStart(starts),
        waiting_stops=_flag(row, "waiting_stops", plain.waiting_stops),
        ask_at_once=_flag(row, "ask_at_once", plain.ask_at_once),
        link_days=row.number("link_days", range(1, 91), plain.link_days),
        link_tries=row.number("link_tries", range(1, 201), plain.link_tries),
        lapse_after=row.number("lapse_after", range(1, 366), plain.lapse_after),
        approval=_flag(row, "approval", plain.approval),
        unit_days=row.number("unit_days", range(1, 10), plain.unit_days),
        superior=row.text("superior", plain.superior),
        objection_number=_pattern(row, plain.objection_number),
        split=_flag(row, "split", plain.split),
        embed_hosts=_hosts(row),
    )


def _flag(row: Row, key: str, default: bool) -> bool:
    return default if row.raw(key) is None else row.flag(key)


def _pattern(row: Row, default: str) -> str:
    """Another number for every year and sequence, fit for the address of its page."""
    pattern = row.text("objection_number", default)
    try:
        made = {pattern.format(year=year, n=n) for year in (2026, 2027) for n in (1, 2, 999_999)}
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        made = set()
    if len(made) != 6 or not all(NUMBER.fullmatch(one) for one in made):
        row.wrong("objection_number", f"letters, digits, dots and dashes with {{year}} and {{n}}, such as {default}")
    return pattern


def _hosts(row: Row) -> tuple[str, ...]:
    hosts = []
    for one in row.items("embed_hosts", ()):
        if not isinstance(one, str) or not HOST.fullmatch(one):
            raise BadConfig(row.file, row.path("embed_hosts"), 'origins such as "https://desa-contoh.example.id"')
        hosts.append(one)
    return tuple(hosts)
