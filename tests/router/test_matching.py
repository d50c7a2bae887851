"""LAPOR's export speaks of our reports under other titles: each finds its own, and what is not sure is left to a person."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.forwarding import Exported
from omnichannel.router.headline import headline
from omnichannel.router.likeness import alike
from omnichannel.router.matching import Fit, Known, Match, match
from omnichannel.toys.citizens.complaints import COMPLAINTS
from tests.build import NOON
from tests.router.test_decide import running

PLACES = (
    "Sepaso",
    "Teluk Lingga",
    "Bengalon",
    "Kaubun",
    "Rantau Pulung",
    "Sangkulirang",
    "Muara Wahau",
    "Kaliorang",
    "Sandaran",
)

HOUSES = (
    "Masjid Nurul Iman",
    "SDN 004",
    "Puskesmas Pembantu",
    "Balai Adat",
    "Gereja Sion",
    "Toko Berkah",
    "Lapangan Helipad",
    "Dermaga Lama",
)


def known(number: int, text: str, days: float = 0) -> Known:
    case = replace(running(Kind.COMPLAINT, number), title=headline(text), received_at=NOON + timedelta(days=days))
    return Known(case, (headline(text),), text, case.received_at)


def row(line: int, title: str, days: float | None = 0, **more: object) -> Exported:
    at = NOON + timedelta(days=days) if days is not None else None
    return Exported(line=line, title=title, at=at, **{"tracking_id": f"9{line:06}", **more})  # type: ignore[arg-type]


def one(title: str, *reports: Known, days: float | None = 0, **more: object) -> Match:
    return match([row(2, title, days, **more)], reports, {}, {})[0]


LAMP = known(1, "Lampu jalan di Gang Mawar Teluk Lingga mati sudah tiga malam")
ROAD = known(2, "Jalan poros Bengalon berlubang besar dekat simpang, banyak motor jatuh")
WATER = known(3, "Air PDAM di Swarga Bara tidak mengalir sejak hari Senin")


@pytest.mark.parametrize(
    "title",
    [
        "Lampu jalan di Gang Mawar Teluk Lingga mati sudah tiga malam",
        "LAMPU JALAN DI GANG MAWAR MATI",
        "Lampu Jalan Gang Mawar, Teluk Lingga Padam",
        "Laporan warga: lampu jalan mati di gang mawar teluk lingga",
        "lampu jln gang mawar teluk linga mati",
        "Mohon perbaikan lampu jalan Gang Mawar",
        "Lampu jalan di Gang Mawar Teluk Lin…",
    ],
)
def test_a_shortened_or_retyped_title_is_still_ours(title: str) -> None:
    found = one(title, LAMP, ROAD, WATER)

    assert (found.fit, found.case) == (Fit.TITLE, LAMP.case)


def test_a_new_title_is_known_by_what_was_written_below_it() -> None:
    found = one("Penerangan Jalan Umum", LAMP, ROAD, content=LAMP.content)

    assert found.case == LAMP.case


@pytest.mark.parametrize(
    "title",
    [
        "Pungli di pasar induk",
        "Jalan",
        "Lampu",
        "x",
        "",
        "Antrean BBM di SPBU Kaubun mengular",
        "Jembatan gantung putus",
    ],
)
def test_what_is_not_ours_is_not_taken_for_ours(title: str) -> None:
    assert one(title, LAMP, ROAD, WATER).case is None


def test_what_was_over_before_it_came_to_us_is_set_apart() -> None:
    assert one("Pungli di pasar induk", LAMP, status="Selesai").fit is Fit.ENDED
    assert one("Pungli di pasar induk", LAMP, status="Terverifikasi").fit is Fit.NEW


def test_a_report_of_another_season_is_not_the_same() -> None:
    assert one("Lampu jalan di Gang Mawar mati", LAMP, days=-60).case is None
    assert one("Lampu jalan di Gang Mawar mati", LAMP, days=200).case is None
    assert one("Lampu jalan di Gang Mawar mati", LAMP, days=None).case == LAMP.case


def test_two_alike_are_told_apart_by_their_day_or_left_to_a_person() -> None:
    twin = known(4, LAMP.content, days=9)
    late = match([row(2, LAMP.titles[0], 0), row(3, LAMP.titles[0], 9)], [LAMP, twin], {}, {})
    same = match([row(2, LAMP.titles[0], 0), row(3, LAMP.titles[0], 0)], [LAMP, known(5, LAMP.content)], {}, {})

    assert [found.case for found in late] == [LAMP.case, twin.case]
    assert [found.fit for found in same] == [Fit.CHOOSE, Fit.CHOOSE]
    assert len(same[0].others) == 2


def test_two_rows_never_take_one_report() -> None:
    found = match([row(2, LAMP.titles[0]), row(3, LAMP.titles[0])], [LAMP], {}, {})

    assert [one.case for one in found].count(LAMP.case) <= 1


def test_a_number_beats_every_likeness() -> None:
    rows = [
        row(2, "Judul lain sama sekali", tracking_id="10510001"),
        row(3, "Entah", tracking_id=None, number="lap-2026-000002"),
    ]
    found = match(rows, [LAMP], {"lap-2026-000002": ROAD.case}, {"10510001": WATER.case})

    assert [(one.fit, one.case) for one in found] == [(Fit.TRACKING, WATER.case), (Fit.NUMBER, ROAD.case)]


def test_a_number_tells_two_streets_apart() -> None:
    lamps = [known(at, f"Lampu jalan nomor {at} di Gang Mawar mati sejak kemarin") for at in range(1, 12)]

    assert one("Lampu jalan nomor 3 Gang Mawar padam", *lamps).case == lamps[2].case
    assert one("Lampu jalan nomor 30 Gang Mawar padam", *lamps).case is None


# ------------------------------------------------------------------ two hundred rows


def shortened(title: str, chance: random.Random) -> str:
    words = title.split()
    return " ".join(words[: max(4, round(len(words) * 0.6))])


def retyped(title: str, chance: random.Random) -> str:
    signs = list(title)
    for _ in range(max(1, len(signs) // 14)):
        at = chance.randrange(1, len(signs) - 1)
        signs[at] = chance.choice("aiueo") if signs[at].isalpha() else signs[at]
    return "".join(signs).upper()


def wrapped(title: str, chance: random.Random) -> str:
    return f"{chance.choice(('Laporan warga:', 'Keluhan terkait', 'Mohon tindak lanjut'))} {title.lower()}"


def reordered(title: str, chance: random.Random) -> str:
    half = len(title.split()) // 2
    return " ".join([*title.split()[half:], *title.split()[:half]])


def kept(title: str, chance: random.Random) -> str:
    return title


RENAMES: tuple[Callable[[str, random.Random], str], ...] = (kept, shortened, retyped, wrapped, reordered)


def two_hundred() -> tuple[list[Exported], list[Known], dict[int, Case]]:
    """160 of our reports under changed titles, 40 that are not ours; and the truth, by line."""
    chance = random.Random(20261122)
    texts = [f"{story.turns[0]} Lokasi {PLACES[at % len(PLACES)]} RT {at}." for at, story in enumerate(COMPLAINTS)]
    while len(texts) < 260:
        texts.append(f"Di dekat {chance.choice(HOUSES)} nomor {len(texts)}: {chance.choice(COMPLAINTS).turns[0]}")
    ours = [known(at, text, at % 20) for at, text in enumerate(texts[:220], start=1)]
    rows, truth = [], {}
    for line, report in enumerate(chance.sample(ours, 160), start=2):
        title = RENAMES[line % len(RENAMES)](report.titles[0], chance)
        days = (report.at - NOON).days + chance.randrange(3)
        rows.append(row(line, title, days, content=report.content if line % 2 else ""))
        truth[line] = report.case
    strange = (
        "Antrean BBM di SPBU Kilo 5",
        "Harga elpiji naik",
        "Sinyal hilang di dusun",
        "Tiket kapal habis",
        "Gaji guru honorer telat",
    )
    rows += [row(line, f"{strange[line % 5]} {line} Balikpapan", 3, status="Terverifikasi") for line in range(162, 202)]
    chance.shuffle(rows)
    return rows, ours, truth


def test_two_hundred_rows_with_renamed_titles_find_their_reports() -> None:
    rows, ours, truth = two_hundred()
    began = time.monotonic()

    found = match(rows, ours, {}, {})

    took = time.monotonic() - began
    wrong = [one for one in found if one.case is not None and one.case != truth.get(one.row.line)]
    right = [one for one in found if one.case is not None and one.case == truth.get(one.row.line)]
    offered = [one for one in found if one.fit is Fit.CHOOSE and truth.get(one.row.line) in one.others]
    print(f"right {len(right)}, offered {len(offered)}, wrong {len(wrong)} of {len(truth)}; {took:.2f} s")
    assert [(one.row.title, one.case.title) for one in wrong if one.case] == []
    assert len(right) >= 0.85 * len(truth)
    assert len(right) + len(offered) >= 0.95 * len(truth)
    assert [one.row.line for one in found] == [one.line for one in rows], "every row is listed"
    assert took < 20


@pytest.mark.parametrize(
    ("one_text", "other", "least", "most"),
    [
        ("lampu jalan mati", "Lampu Jalan Mati!", 1, 1),
        ("", "x", 0, 0),
        ("jalan rusak", "jembatan putus", 0, 0.4),
        ("a b", "a b", 1, 1),
    ],
)
def test_likeness_is_between_nothing_and_one(one_text: str, other: str, least: float, most: float) -> None:
    assert least <= alike(one_text, other) <= most
    assert alike(one_text, other) == alike(other, one_text)
