"""What our codes are called on a screen. Indonesian is the source; a template passes each through `t`."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from omnichannel.domain.case import Case, CaseState, Kind, Outcome
from omnichannel.domain.organisation import Level, Organisation, Unit
from omnichannel.domain.people import Role
from omnichannel.domain.screens import View
from omnichannel.web.wording import masked_phone

PHONE = re.compile(r"\+?[\d\s().-]{8,20}")
Say = Callable[..., str]

# The view's key, its word, and whether a number there means that somebody must act.
VIEWS: tuple[tuple[str, str, bool], ...] = (
    (View.UNREAD.value, "Perlu dibaca", False),
    (View.MINE.value, "Milik saya", False),
    (View.UNIT.value, "Unit saya", False),
    (View.NEAR.value, "Mendekati batas", True),
    (View.FAILED.value, "Gagal kirim", True),
    (View.SNOOZED.value, "Ditunda", False),
    (View.RESOLVED.value, "Selesai", False),
    (View.ASIDE.value, "Disisihkan", False),
    (View.ALL.value, "Belum selesai", False),
)
VIEW_WORDS = {key: word for key, word, _ in VIEWS}

KINDS = {
    Kind.INFORMATION_REQUEST: "Permohonan",
    Kind.COMPLAINT: "Pengaduan",
    Kind.ASPIRATION: "Aspirasi",
    Kind.OTHER: "Lainnya",
}

TOPICS = {
    "jalan_jembatan": "Jalan dan jembatan",
    "air_bersih": "Air bersih",
    "pju": "Lampu jalan",
    "sampah_lingkungan": "Sampah dan lingkungan",
    "ketertiban": "Ketertiban",
    "bansos": "Bantuan sosial",
    "lalulintas_parkir": "Lalu lintas dan parkir",
    "kependudukan": "Kependudukan",
    "drainase_banjir": "Drainase dan banjir",
    "perizinan": "Perizinan",
    "kesehatan": "Kesehatan",
    "pendidikan": "Pendidikan",
    "perumahan_tanah": "Perumahan dan tanah",
    "ketenagakerjaan": "Ketenagakerjaan",
    "pertanian_perikanan": "Pertanian dan perikanan",
    "keamanan": "Keamanan",
    "umkm": "UMKM",
    "kepegawaian": "Kepegawaian",
    "pungli": "Pungutan liar",
    "listrik": "Listrik",
    "pajak": "Pajak",
    "damkar": "Pemadam kebakaran",
    "lainnya": "Topik lainnya",
}

ROLES = {
    Role.AGENT: "Humas",
    Role.PPID: "PPID",
    Role.UNIT: "Petugas unit",
    Role.LAPOR: "Petugas LAPOR",
    Role.SUPERVISOR: "Penyelia",
    Role.ADMINISTRATOR: "Administrator",
    Role.AUDITOR: "Pemeriksa",
}

CASE_STATES = {
    CaseState.OPEN: "berjalan",
    CaseState.FORWARDED: "di LAPOR",
    CaseState.ANSWERED: "dijawab",
    CaseState.CLOSED: "selesai",
    CaseState.VOIDED: "dibatalkan",
}

OUTCOMES = {
    Outcome.GRANTED: "dikabulkan",
    Outcome.PARTLY: "dikabulkan sebagian",
    Outcome.REFUSED: "ditolak",
    Outcome.NOT_HELD: "tidak dikuasai",
    Outcome.WITHDRAWN: "dicabut",
    Outcome.RESOLVED: "selesai",
    Outcome.TRANSFERRED: "dilimpahkan",
    Outcome.LAPSED: "tidak dilengkapi",
}

# Why a thread lies aside.
ASIDE = {"spam": "iklan atau spam", "abuse": "makian", "own": "unggahan sendiri", "sample": "data contoh"}

LONG_NAME = 18
SHORTER = (("Dinas ", ""), ("Badan ", ""), ("Kecamatan ", "Kec. "), ("Kelurahan ", "Kel. "))


def case_state(case: Case) -> str:
    """How a case stands: its outcome once it has one."""
    if case.outcome is not None and case.state is not CaseState.VOIDED:
        return OUTCOMES[case.outcome]
    return CASE_STATES[case.state]


def lapor_word(case: Case) -> str:
    """How a complaint stands in LAPOR, in LAPOR's own words where it has said any."""
    if case.lapor_status:
        return case.lapor_status
    if case.state is CaseState.VOIDED:
        return "dibatalkan"
    return "belum dikirim" if case.tracking_id is None else "terkirim"


def topic(key: str | None) -> str:
    """A topic's name; a key that config added later is shown as it is."""
    return TOPICS.get(key, key.replace("_", " ")) if key else ""


def kind_of(text: str) -> Kind | None:
    """A kind by its code, None for anything else."""
    return Kind(text) if text in set(Kind) else None


def unit_name(organisation: Organisation, key: str | None) -> str:
    """A unit's full name, or its key when organisation.toml no longer has it."""
    if not key:
        return ""
    unit = organisation.get(key)
    return unit.name if unit is not None else key


def unit_short(organisation: Organisation, key: str | None) -> str:
    """A unit's name as short as a list wants it: its own short alias, else the name without "Dinas"."""
    unit = organisation.get(key) if key else None
    if unit is None:
        return key or ""
    brief = [alias for alias in unit.aliases if 2 < len(alias) <= 12]
    if brief and len(unit.name) > LONG_NAME:
        return _as_written(brief[0])
    name = unit.name
    for long, short in SHORTER:
        name = short + name.removeprefix(long) if name.startswith(long) else name
    return name


@cache
def unit_choices(organisation: Organisation) -> tuple[tuple[str, str], ...]:
    """Who can be given a conversation: our own bodies first, then kecamatan; villages stand under their kecamatan.

    Two hundred units on every page of a talk: told once, for an organisation does not change while we run.
    """
    order = {Level.KABUPATEN: 0, Level.OPD: 1, Level.KECAMATAN: 2, Level.KELURAHAN: 3, Level.DESA: 3}
    ours = [unit for unit in organisation if unit.level in order]
    ranked = sorted(ours, key=lambda one: (order[one.level], one.name))
    return tuple((unit.key, _placed(organisation, unit)) for unit in ranked)


def place(organisation: Organisation, case: Case) -> str:
    """ "Bumi Etam, Kaubun": the village and its kecamatan, as far as they are known."""
    areas = [organisation.by_code(code) for code in (case.desa, case.kecamatan) if code]
    return ", ".join(area.name for area in areas if area is not None)


def degrees(lat: float, lon: float, say: Say) -> str:
    """A place as it is read out over a radio: 0°30′44,4″ LU, 117°32′04,4″ BT."""

    def one(value: float, here: str, there: str) -> str:
        tenths = round(abs(value) * 36000)
        minutes, seconds = divmod(tenths, 600)
        whole = f"{minutes // 60}°{minutes % 60:02}′{seconds / 10:04.1f}″".replace(".", say(","))
        return f"{whole} {say(here if value >= 0 else there)}"

    return f"{one(lat, 'LU', 'LS')}, {one(lon, 'BT', 'BB')}"


def citizen(label: str) -> str:
    """How a citizen is called in a list: who is known by a telephone number only, by its masked form (UU 27/2022)."""
    return masked_phone(label) if PHONE.fullmatch(label) else label


def shared(organisation: Organisation, say: Say) -> dict[str, Any]:
    """The words that templates ask for by name."""
    return {
        "unit_name": lambda key: unit_name(organisation, key),
        "unit_short": lambda key: unit_short(organisation, key),
        "citizen": citizen,
        "degrees": lambda lat, lon: degrees(lat, lon, say),
        "units": unit_choices(organisation),
        "topics": list(TOPICS.items()),
        "topic_word": lambda key: say(topic(key)),
        "case_state": case_state,
        "ASIDE": ASIDE,
        "lapor_word": lambda case: say(lapor_word(case)),
        "case_place": lambda case: place(organisation, case),
    }


def _as_written(alias: str) -> str:
    """Aliases may stand in lower case: initials such as pupr and bpkad read as capitals, dishub as a name."""
    if not alias.islower():
        return alias
    return alias.upper() if sum(sign in "aeiou" for sign in alias) <= 1 else alias.capitalize()


def _placed(organisation: Organisation, unit: Unit) -> str:
    above = organisation.kecamatan_of(unit.key) if unit.level.village else None
    return f"{unit.name} ({above.name})" if above is not None else unit.name
