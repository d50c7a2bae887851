"""The list of public information (DIP) and of exempted information (DIK), per unit.

UU 14/2008 Pasal 9 to 12 part what is public into three; Pasal 17 to 20 say what is exempted and what its list must hold.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

TITLE_MOST = 500


class Category(StrEnum):
    """How, or whether, the public gets it."""

    PERIODIC = "berkala"
    IMMEDIATE = "serta_merta"
    ALWAYS = "setiap_saat"
    EXEMPT = "dikecualikan"


CATEGORIES: Mapping[Category, str] = {
    Category.PERIODIC: "Berkala",
    Category.IMMEDIATE: "Serta merta",
    Category.ALWAYS: "Setiap saat",
    Category.EXEMPT: "Dikecualikan",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row. `holder` masters it, `maker` made it, `made` says when and where, `medium` in which form, `kept` how long.

    An exempted row carries `basis`, `consequence`, `period` and `approver` instead of an address.
    """

    id: int
    unit: str
    category: Category
    title: str
    holder: str = ""
    maker: str = ""
    made: str = ""
    medium: str = ""
    kept: str = ""
    url: str = ""
    basis: str = ""
    consequence: str = ""
    period: str = ""
    approver: str = ""
    updated_at: datetime
    removed_at: datetime | None = None
    version: int = 1

    @property
    def public(self) -> bool:
        """Whether a citizen may be pointed to it."""
        return self.category is not Category.EXEMPT


# The columns of the sheet, as its head row names them; what each is for us.
COLUMNS: Mapping[str, str] = {
    "Unit": "unit",
    "Kategori": "category",
    "Ringkasan isi informasi": "title",
    "Pejabat/unit yang menguasai": "holder",
    "Penanggung jawab pembuatan": "maker",
    "Waktu dan tempat pembuatan": "made",
    "Bentuk informasi": "medium",
    "Jangka waktu simpan": "kept",
    "Tautan": "url",
    "Dasar hukum": "basis",
    "Konsekuensi bila dibuka": "consequence",
    "Jangka waktu pengecualian": "period",
    "Pejabat yang menetapkan": "approver",
}
NEEDED = ("Unit", "Kategori", "Ringkasan isi informasi")
LINK = re.compile(r"https?://[^\s<>\"]+|/[^\s<>\"/][^\s<>\"]*")


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that cannot be taken, by the row's number in the sheet."""

    row: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a sheet, read and sound."""

    row: int
    values: Mapping[str, str]


def read_rows(table: Sequence[Sequence[str]], units: Mapping[str, str]) -> tuple[list[Entry], list[Fault]]:
    """Rows and faults of a sheet whose first row names the columns, in any order. `units`: each name or key a unit goes by,
    in small letters → its key."""
    if not table:
        return [], [Fault(1, "", "Lembar ini kosong.")]
    heads = [_plain(cell) for cell in table[0]]
    known = {_plain(head): (head, field) for head, field in COLUMNS.items()}
    places = {known[head][1]: place for place, head in enumerate(heads) if head in known}
    missing = [head for head in NEEDED if COLUMNS[head] not in places]
    if missing:
        return [], [Fault(1, head, "Kolom ini tidak ada di baris pertama.") for head in missing]
    entries: list[Entry] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in enumerate(table[1:], start=2):
        values = {name: _cell(cells, place) for name, place in places.items()}
        if not any(values.values()):
            continue
        wrong = _faults(number, values, units)
        if not wrong:
            entry = Entry(number, values | {"unit": units[_plain(values["unit"])], "category": _category(values)})
            twin = seen.setdefault((entry.values["unit"], _plain(values["title"])), number)
            if twin != number:
                wrong = [Fault(number, "Ringkasan isi informasi", f"Sama dengan baris {twin}.")]
            else:
                entries.append(entry)
        faults += wrong
    return entries, faults


def _faults(number: int, values: Mapping[str, str], units: Mapping[str, str]) -> list[Fault]:
    found = []
    if _plain(values["unit"]) not in units:
        named = values["unit"] or "kosong"
        found.append(Fault(number, "Unit", f"Unit ini tidak dikenal: {named}."))
    category = _category(values)
    if category not in set(Category):
        found.append(Fault(number, "Kategori", "Isi dengan berkala, serta merta, setiap saat, atau dikecualikan."))
    if not values["title"]:
        found.append(Fault(number, "Ringkasan isi informasi", "Kolom ini wajib diisi."))
    elif len(values["title"]) > TITLE_MOST:
        found.append(Fault(number, "Ringkasan isi informasi", "Terlalu panjang: paling banyak 500 huruf."))
    if values.get("url") and not LINK.fullmatch(values["url"]):
        found.append(Fault(number, "Tautan", "Tulis alamat yang dimulai dengan https://."))
    if category == Category.EXEMPT:
        needed = (("Dasar hukum", "basis"), ("Konsekuensi bila dibuka", "consequence"))
        for head, name in (*needed, ("Pejabat yang menetapkan", "approver")):
            if not values.get(name):
                found.append(Fault(number, head, "Informasi yang dikecualikan wajib menyebutkannya."))
    return found


def _category(values: Mapping[str, str]) -> str:
    return _plain(values["category"]).replace("-", " ").replace(" ", "_")


def _cell(cells: Sequence[str], place: int) -> str:
    return " ".join(cells[place].split()) if place < len(cells) else ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


# Words that every request holds and that tell no two items apart.
COMMON = frozenset(
    (
        "ada",
        "apakah",
        "atau",
        "bapak",
        "bu",
        "daerah",
        "dan",
        "dari",
        "data",
        "dengan",
        "di",
        "dinas",
        "dokumen",
        "ibu",
        "informasi",
        "ingin",
        "ini",
        "itu",
        "kabupaten",
        "kami",
        "ke",
        "kutai",
        "minta",
        "mohon",
        "pada",
        "pak",
        "salinan",
        "saya",
        "tahu",
        "tahun",
        "tentang",
        "timur",
        "tolong",
        "untuk",
        "yang",
    )
)
WORD = re.compile(r"[a-z0-9]{3,}")
ENOUGH = 2  # words in common before an item is offered


def search_words(text: str) -> list[str]:
    """The words of a text that tell one item from another, each once, in their order."""
    return list(dict.fromkeys(word for word in WORD.findall(text.casefold()) if word not in COMMON))


def matches(text: str, items: Iterable[Item], most: int = 5) -> list[Item]:
    """Items that a request may mean, the likeliest first: those that share enough of their own words with it."""
    asked = set(search_words(text))
    ranked: list[tuple[float, int, Item]] = []
    for item in items:
        own = set(search_words(item.title))
        shared = len(own & asked)
        if shared >= min(ENOUGH, len(own)) and shared:
            ranked.append((-shared / len(own), -shared, item))
    ranked.sort(key=lambda one: (one[0], one[1], one[2].title))
    return [item for _, _, item in ranked[:most]]
