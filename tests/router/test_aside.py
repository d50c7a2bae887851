"""What is nobody's matter is set aside, never deleted; whoever complains in the same words is heard."""

from dataclasses import replace

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Health
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.outbox import preview
from omnichannel.domain.people import Staff
from omnichannel.domain.screens import View
from omnichannel.domain.verdict import NO_TOPIC, Area, Place, Reason, Verdict
from omnichannel.domain.work import Scope, Work
from omnichannel.inbox.triage import reopen
from omnichannel.router.aside import Aside, reason
from omnichannel.store.database import SqlStore
from tests.build import TODAY, an_author
from tests.desk import a_classifier, a_verdict
from tests.house import HandClock
from tests.router.conftest import Judge, Write, history, talk

TALK = a_verdict(Kind.OTHER, 0.9, topic=NO_TOPIC)
AD = "SLOT GACOR maxwin hari ini, bonus new member 100% klik https://contoh.example/daftar"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (AD, Aside.SPAM),
        ("Pinjaman online cair cepat tanpa jaminan, minat chat wa.me/62800", Aside.SPAM),
        ("Jasa followers aktif murah, open order cek bio kami", Aside.SPAM),
        ("goblok semua pejabatnya", Aside.ABUSE),
        ("Terima kasih min, sukses selalu", None),
        ("Selamat pagi, ada promo UMKM di alun-alun?", None),
        ("Dijual ayam kampung", None),
        ("", None),
    ],
)
def test_small_talk_that_sells_or_insults_is_nobodys_matter(text: str, why: Aside | None) -> None:
    assert reason(text, TALK) is why


@pytest.mark.parametrize(
    "verdict",
    [
        a_verdict(Kind.COMPLAINT, 0.7, topic="ketertiban"),
        a_verdict(Kind.OTHER, 0.4, topic=NO_TOPIC),
        replace(TALK, urgent=True),
        replace(TALK, reasons=(Reason("tali", 1.0, "perhaps:bunuh diri", 0, 4),)),
        replace(TALK, second_kind=Kind.COMPLAINT),
        replace(TALK, place=Place(Area("64.08.04", "Sangatta Utara"), None)),
    ],
)
def test_whoever_may_have_a_matter_is_heard(verdict: Verdict) -> None:
    assert reason(AD, verdict) is None


@pytest.mark.parametrize(
    "text",
    [
        "Tolong tutup situs slot gacor yang pasang iklan di halaman kantor desa, klik saja https://contoh.example",
        "Saya ditipu pinjaman online cair cepat, bagaimana melapornya? linknya https://contoh.example",
        "Goblok, jalan di depan pasar rusak terus tidak diperbaiki",
    ],
)
def test_a_citizen_who_complains_in_those_words_is_read_by_the_real_reader(text: str) -> None:
    assert reason(text, a_classifier().classify(text)) is None


async def test_an_advert_lies_in_its_own_list_and_comes_back_by_one_click(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, clock: HandClock
) -> None:
    assert await judge(await write(AD), TALK) is None
    where = await talk(quick_store)

    def lists(work: Work) -> list[list[int]]:
        everybody = Scope(staff_id=staff.id)
        pages = [work.screens.work_list(view, everybody, today=TODAY) for view in (View.ASIDE, View.UNREAD, View.ALL)]
        return [[row.id for row in page.rows] for page in pages]

    assert (where.state, where.aside, where.unread) == (ConversationState.RESOLVED, "spam", 0)
    assert await quick_store.read(lists) == [[where.id], [], []]
    counts = await quick_store.read(lambda work: work.screens.counts(Scope(staff_id=staff.id), TODAY))
    assert (counts[View.ASIDE], counts[View.ALL]) == (1, 0)

    await quick_store.write(lambda work: reopen(work, staff, where.id, now=clock.now()))

    assert await quick_store.read(lists) == [[], [], [where.id]]
    assert "set_aside" in [one.verb for one in await history(quick_store, where.id)]


async def test_more_of_the_same_stays_aside_and_a_real_word_brings_the_thread_back(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    await judge(await write(AD), TALK)
    await judge(await write(AD + " lagi"), TALK)
    still = await talk(quick_store)

    case = await judge(await write("Lampu jalan di gang kami mati"), a_verdict())
    after = await talk(quick_store)

    assert (still.aside, still.state) == ("spam", ConversationState.RESOLVED)
    assert case is not None
    assert (after.aside, after.state) == (None, ConversationState.OPEN)


async def test_our_own_post_that_comes_back_is_set_aside(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    message = await write("Pengumuman libur layanan", author=an_author(id="7", handle="humas_uji"))

    def story(work: Work) -> None:

        work.accounts.set_health(message.account, Health.WELL, None, message.sent_at, "@humas_uji")

    await quick_store.write(story)
    await judge(message, TALK)

    assert (await talk(quick_store)).aside == "own"


def test_a_list_shows_no_identity_whole_nor_cut() -> None:
    line = preview("x " * 60 + "NIK 6408041203880001 dan 081234567890, budi@contoh.example, KT 1234 AB")

    assert "6408041203880001" not in line
    assert "64080412" not in line
    assert preview("Nomor saya LAP-2026-000123") == "Nomor saya LAP-2026-000123"
