"""The main file and `replies.toml` → the Office: who we are, how we route, what we say by ourselves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta, tzinfo
from pathlib import Path
from string import Formatter

from omnichannel.domain.case import Queue
from omnichannel.domain.errors import BadConfig
from omnichannel.domain.office import FIELDS, Account, AlarmContact, CannedReply, Office, RoutingMode
from omnichannel.settings.hours import load_hours
from omnichannel.settings.letters import load_letters
from omnichannel.settings.ppid import load_ppid
from omnichannel.settings.rows import Row

SECTIONS = (
    "server",
    "store",
    "office",
    "routing",
    "lapor",
    "ppid",
    "letters",
    "desk",
    "alarm",
    "hours",
    "push",
    "account",
)
LAPOR = (
    "way", "base_url", "consent", "by_hand", "wait_minutes", "poll_minutes", "header", "user_id", "institution_id", "channel",
    "location_id", "search", "institutions", "categories",
)  # fmt: skip
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,59}")  # what the address of a case page can hold
WAYS = ("sheet", "api", "batch", "sandbox")
NOTICES: Mapping[str, frozenset[str]] = {
    "darurat": frozenset(),
    "piket": frozenset({"tempat", "pengirim", "kanal", "pesan", "ke", "tautan"}),
    "terima_permohonan": frozenset({"nomor", "batas", "kantor"}),
    "terima_pengaduan": frozenset({"nomor", "batas", "kantor"}),
    "terima_aspirasi": frozenset({"nomor", "batas", "kantor"}),
    "diteruskan": frozenset({"nomor", "tracking", "tautan"}),
    "izin_lapor": frozenset({"nomor"}),
    "pilihan_lapor": frozenset({"nomor", "pilihan"}),
    "kabar_lapor": frozenset({"nomor", "tracking", "status", "kabar"}),
    "putusan": frozenset({"nomor", "hasil", "alasan", "kantor"}),
    "hak_keberatan": frozenset(),
    "lacak": frozenset({"nomor", "kode", "tautan"}),
    "cek_kode": frozenset({"tautan"}),
    "cek_salah": frozenset({"tautan"}),
    "cek_umum": frozenset({"tautan"}),
    "cek_tunggu": frozenset({"tautan"}),
    "cek_nomor": frozenset({"daftar", "tautan"}),
    "cek_kosong": frozenset({"tautan"}),
    "tanda_terima": frozenset({"nomor", "kode", "tautan", "kantor"}),
    "lengkapi": frozenset({"nomor", "kurang", "tautan", "sampai"}),
    "perpanjangan": frozenset({"nomor", "batas", "alasan", "kantor"}),
    "sudah_tersedia": frozenset({"nomor", "judul", "tautan"}),
    "terima_keberatan": frozenset({"keberatan", "nomor", "batas", "atasan", "kantor"}),
    "keberatan_terlambat": frozenset({"keberatan", "nomor", "batas", "kantor"}),
    "tanggapan_keberatan": frozenset({"keberatan", "nomor", "hasil", "alasan", "atasan", "batas"}),
    "surat_terlampir": frozenset({"surat", "nomor", "kantor"}),
    "surat_tautan": frozenset({"surat", "nomor", "tautan", "sampai", "kantor"}),
    "berkas_gagal": frozenset({"berkas", "kantor"}),
    "di_muka_umum": frozenset({"tautan", "kantor"}),
    "kabar_di_muka_umum": frozenset({"tautan", "kantor"}),
    "ajak_balas": frozenset({"kantor"}),
    "lihat_pesan": frozenset({"kantor"}),
    "komentar_disembunyikan": frozenset({"kantor"}),
    "pindah_publik": frozenset({"kantor"}),
    "pindah_pribadi": frozenset({"nomor", "kantor"}),
    "selesai_publik": frozenset({"kantor"}),
    "di_luar_jam": frozenset({"buka", "kantor"}),
    "aturan_terima": frozenset({"kantor"}),
    "aturan_lokasi": frozenset({"kantor"}),
    "aturan_bukan_kami": frozenset({"kantor"}),
}


@dataclass(frozen=True, slots=True)
class Server:
    """Where we listen, and where our data lies."""

    host: str
    port: int
    public_url: str
    data: Path


def own_address(host: str, port: int) -> str:
    """Where the service is reached while nobody has published it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def load_server(main: Row) -> Server:
    """`[server]` and `[store]`."""
    server = _section(main, "server", ("host", "port", "public_url"))
    store = _section(main, "store", ("data_dir",))
    host = server.text("host", "127.0.0.1")
    port = server.number("port", range(1, 65536), 8080)
    public = server.text("public_url", own_address(host, port)).rstrip("/")
    if not re.match(r"https?://[^/\s]+", public):
        server.wrong("public_url", "an address such as https://desk.example.go.id")
    return Server(host=host, port=port, public_url=public, data=Path(store.text("data_dir", "data")))


def load_office(
    main: Row, replies: Row, *, public_url: str, zone: tzinfo, zone_name: str, accounts: tuple[Account, ...]
) -> Office:
    """Everything about the office; exact errors for what cannot be."""
    office = _section(main, "office", ("name", "region", "short", "accent_hue", "desk_unit", "session_hours", "number"))
    routing = _section(main, "routing", ("mode", "sure", "learn_at"))
    lapor = lapor_section(main)
    alarm = _section(main, "alarm", ("repeat_minutes", "contact"))
    return Office(
        name=office.text("name", "Dinas Kominfo Staper Kutai Timur"),
        region=office.text("region", "Kutai Timur"),
        short=office.text("short", "Kutim"),
        zone=zone,
        zone_name=zone_name,
        public_url=public_url,
        accent_hue=office.number("accent_hue", range(361), 248),
        desk_unit=office.text("desk_unit", "diskominfo"),
        routing_mode=RoutingMode(_choice(routing, "mode", tuple(RoutingMode), RoutingMode.THRESHOLD.value)),
        sure=_share(routing, "sure", 0.80),
        lapor_way=_choice(lapor, "way", WAYS, "sheet"),
        lapor_consent=_choice(lapor, "consent", ("notice", "ask"), "notice"),
        lapor_by_hand=frozenset(lapor.texts("by_hand")),
        lapor_wait=timedelta(minutes=lapor.number("wait_minutes", range(1441), 0)),
        lapor_poll=timedelta(minutes=lapor.number("poll_minutes", range(1, 1441), 30)),
        patterns=_patterns(office),
        alarm_contacts=_contacts(alarm, accounts),
        alarm_repeat_minutes=alarm.number("repeat_minutes", range(1, 1441), 3),
        replies=_canned(replies),
        notices=_notices(replies),
        session_hours=office.number("session_hours", range(1, 721), 12),
        learn_at=_hour(routing, "learn_at", "02:30"),
        undo=timedelta(seconds=_section(main, "desk", ("undo_seconds",)).number("undo_seconds", range(31), 5)),
        ppid=load_ppid(main),
        letters=load_letters(main),
        hours=load_hours(main),
    )


def lapor_section(main: Row) -> Row:
    """`[lapor]`, which the office and the way of sending both read."""
    return _section(main, "lapor", LAPOR)


def _section(main: Row, name: str, known: tuple[str, ...]) -> Row:
    found = main.raw(name)
    return Row({} if found is None else found, main.file, name, known)


def _choice(row: Row, key: str, allowed: tuple[str, ...], default: str) -> str:
    value = row.text(key, default)
    if value not in allowed:
        row.wrong(key, "one of " + ", ".join(f'"{one}"' for one in allowed))
    return value


def _share(row: Row, key: str, default: float) -> float:
    value = row.raw(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.5 <= value <= 1:
        row.wrong(key, "a number from 0.5 to 1, such as 0.80")
    return float(value)


def _hour(row: Row, key: str, default: str) -> time | None:
    """An hour of the office's own day; None for "off"."""
    value = row.text(key, default)
    if value == "off":
        return None
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        row.wrong(key, 'an hour such as "02:30", or "off"')
    return time.fromisoformat(value)


def _patterns(office: Row) -> dict[Queue, str]:
    """`[office.number]`: how register numbers read; year and n must both stand in each."""
    numbers = Row(office.raw("number") or {}, office.file, "office.number", ("ppid", "lapor"))
    patterns = {}
    for queue, default in ((Queue.PPID, "PPID-{year}-{n:06d}"), (Queue.LAPOR, "LAP-{year}-{n:06d}")):
        pattern = numbers.text(queue.value, default)
        if not _tells_apart(pattern):
            numbers.wrong(queue.value, f"letters, digits, dots and dashes with {{year}} and {{n}}, such as {default}")
        patterns[queue] = pattern
    if patterns[Queue.PPID] == patterns[Queue.LAPOR]:
        numbers.wrong("lapor", "a pattern unlike that of ppid")
    return patterns


def _tells_apart(pattern: str) -> bool:
    """Whether it makes another number of every year and sequence, and each can stand in the address of its page."""
    asked = [(year, n) for year in (2026, 2027, 2126) for n in (1, 2, 12, 999_999, 1_000_000)]
    try:
        numbers = {pattern.format(year=year, n=n) for year, n in asked}
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        return False
    return len(numbers) == len(asked) and all(NUMBER.fullmatch(number) for number in numbers)


def _contacts(alarm: Row, accounts: tuple[Account, ...]) -> tuple[AlarmContact, ...]:
    known = {account.name for account in accounts}
    contacts = []
    for row in alarm.rows("contact", ("account", "address", "name")):
        account = row.text("account")
        if account not in known:
            row.wrong("account", "the name of an [[account]]")
        contacts.append(AlarmContact(account=account, address=row.text("address"), name=row.text("name")))
    return tuple(contacts)


def _canned(replies: Row) -> tuple[CannedReply, ...]:
    canned = []
    seen: set[str] = set()
    for row in replies.rows("reply", ("key", "title", "text")):
        key = row.text("key")
        if not re.fullmatch(r"[a-z0-9-]{2,40}", key) or key in seen:
            row.wrong("key", "small letters, digits and dashes, and no other reply's key")
        seen.add(key)
        canned.append(CannedReply(key=key, title=row.text("title"), text=_fitting(row, "text", FIELDS)))
    return tuple(canned)


def _notices(replies: Row) -> dict[str, str]:
    row = Row(replies.raw("notice") or {}, replies.file, "notice", tuple(NOTICES))
    return {name: _fitting(row, name, fields) for name, fields in NOTICES.items()}


def _fitting(row: Row, key: str, fields: frozenset[str]) -> str:
    """A text whose {fields} are all known: a misspelt one is found at start, not in a citizen's message."""
    text = row.text(key)
    try:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise BadConfig(row.file, row.path(key), f"balanced braces ({error})") from error
    if not used <= fields:
        known = ", ".join(f"{{{name}}}" for name in sorted(fields)) or "no fields"
        raise BadConfig(row.file, row.path(key), f"only {known}; not {', '.join(sorted(used - fields))}")
    try:
        # A field within a field's own format ("{nomor:{x}}") is seen only by filling it in.
        text.format(**dict.fromkeys(fields, ""))
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise BadConfig(row.file, row.path(key), "fields as {nomor}, with nothing else in the braces") from error
    return text
