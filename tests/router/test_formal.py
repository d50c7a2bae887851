"""From a chat to a formal request: what lacks is asked for on the citizen's own channel, and both moments are kept."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from omnichannel.domain.ppid import ClockStart, Lack, PaperKind, PpidRules
from omnichannel.router import doorkey, formal
from omnichannel.router.desk import Desk
from omnichannel.store.database import SqlStore
from tests.build import CITIZEN
from tests.desk import a_desk
from tests.domain.decree import at, clocks
from tests.house import HandClock
from tests.router.asking import WORDS, a_paper, a_request, an_officer, fill, fresh
from tests.router.conftest import Judge, Write, history, notices

STRICT = PpidRules(clock_starts=ClockStart.COMPLETE, waiting_stops=True)


def with_rules(rules: PpidRules) -> Desk:
    return replace(a_desk(ppid=rules), clocks=clocks())


def token_in(text: str) -> str:
    return text.partition("/l/")[2].split()[0]


async def test_a_chat_gets_its_number_at_once_and_then_a_link_to_what_lacks(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)

    receipt, asked = await notices(quick_store, case.conversation_id)
    assert case.number in receipt
    assert "alamat" in asked
    assert "tujuan penggunaan" in asked
    assert "tetap berlaku" in asked
    assert "rincian informasi" not in asked  # the message itself says what is wanted
    token = token_in(asked)
    link = await quick_store.read(lambda work: doorkey.opened(work, token, clock.now()))
    assert link.case_id == case.id
    request = await quick_store.read(lambda work: work.requests.get(case.id))
    assert request is not None
    assert (request.received_at, request.complete_at, request.details) == (case.received_at, None, WORDS)


async def test_both_moments_are_kept_and_completing_is_a_line_of_the_history(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)
    later = clock.advance(timedelta(days=2))

    request = await fill(quick_store, desk, case, later)

    assert (request.received_at, request.complete_at) == (case.received_at, later)
    assert request.waiting is None
    verbs = [one.verb for one in await history(quick_store, case.conversation_id)]
    assert verbs.count("request_complete") == 1
    assert (await fresh(quick_store, case)).due == case.due  # UU 14/2008: from the receipt, whatever came later


async def test_which_moment_starts_the_clock_is_a_setting(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    clock.at = at("2026-03-13T09:00")
    strict = with_rules(STRICT)
    case = await a_request(write, judge, desk=strict, sent_at=clock.at)
    assert (case.due, case.provisional) == (date(2026, 4, 6), True)
    clock.at = at("2026-03-26T10:00")

    await fill(quick_store, strict, case, clock.at)

    # 27=1 30=2 31=3, April 1=4 2=5 [3 4 5] 6=6 7=7 8=8 9=9 10=10.
    after = await fresh(quick_store, case)
    assert (after.due, after.provisional) == (date(2026, 4, 10), False)
    moved = [one for one in await history(quick_store, case.conversation_id) if one.verb == "due_moved"]
    assert moved[-1].after == "2026-04-10"


async def test_in_public_no_link_is_sent_that_everybody_could_follow(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge, surface=Surface.PUBLIC)

    assert not any("/l/" in text for text in await notices(quick_store, case.conversation_id))
    with pytest.raises(Invalid, match="pesan pribadi"):
        await quick_store.write(lambda work: formal.ask(work, desk, case.id, CITIZEN, now=clock.now()))


async def test_a_body_without_its_deed_is_asked_for_it_and_told_the_other_way(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)
    await fill(quick_store, desk, case, clock.now(), applicant="badan_hukum", name="Yayasan Uji")

    assert await quick_store.read(lambda work: formal.lacks_of(work, case)) == (Lack.DEED,)
    await quick_store.write(lambda work: formal.ask(work, desk, case.id, CITIZEN, now=clock.now()))
    told = (await notices(quick_store, case.conversation_id))[-1]
    assert "akta" in told
    assert "atas nama Anda sendiri" in told
    await quick_store.write(
        lambda work: formal.add_papers(work, desk, case.id, [a_paper(PaperKind.DEED)], CITIZEN, clock.now())
    )
    assert await quick_store.read(lambda work: formal.lacks_of(work, case)) == ()


async def test_a_group_needs_its_letter_of_attorney(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)
    await fill(quick_store, desk, case, clock.now(), applicant="kelompok")

    assert await quick_store.read(lambda work: formal.lacks_of(work, case)) == (Lack.ATTORNEY,)


async def test_an_unreadable_photo_opens_the_request_again_and_a_better_one_closes_it(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case, staff = await a_request(write, judge), await an_officer(quick_store)
    await fill(quick_store, desk, case, clock.now(), identity="")
    papers = await quick_store.write(
        lambda work: formal.add_papers(work, desk, case.id, [a_paper()], CITIZEN, clock.now())
    )
    assert await quick_store.read(lambda work: formal.lacks_of(work, case)) == ()

    request = await quick_store.write(
        lambda work: formal.fault_paper(work, desk, staff, papers[0].id, "terlalu gelap", now=clock.now())
    )

    assert request.complete_at is None
    assert await quick_store.read(lambda work: formal.lacks_of(work, case)) == (Lack.IDENTITY_UNREADABLE,)
    later = clock.advance(timedelta(days=1))
    await quick_store.write(lambda work: formal.add_papers(work, desk, case.id, [a_paper()], CITIZEN, later))
    found = await quick_store.read(lambda work: work.requests.get(case.id))
    assert found is not None
    assert found.complete_at == later


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"applicant": "siapa"}, "daftar"),
        ({"identity": "64080101019"}, "16 angka"),
        ({"name": "x" * 301}, "terlalu panjang"),
        ({"details": "x" * 10_001}, "terlalu panjang"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock, given: dict[str, str], says: str
) -> None:
    case = await a_request(write, judge)

    with pytest.raises(Invalid, match=says):
        await quick_store.write(lambda work: formal.fill(work, desk, case.id, given, CITIZEN, now=clock.now()))


async def test_two_who_fill_in_at_once_do_not_overwrite_each_other(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)
    seen = (await quick_store.read(lambda work: formal.request_of(work, case))).version

    def filled(name: str) -> Any:
        return quick_store.write(
            lambda work: formal.fill(work, desk, case.id, {"name": name}, CITIZEN, now=clock.now(), seen=seen)
        )

    await filled("Satu")
    with pytest.raises(Conflict, match="berubah"):
        await filled("Dua")


async def test_a_link_ends_by_time_by_tries_by_hand_and_by_a_newer_one(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case, staff = await a_request(write, judge), await an_officer(quick_store)
    first = token_in((await notices(quick_store, case.conversation_id))[-1])
    address = await quick_store.write(lambda work: formal.ask(work, desk, case.id, CITIZEN, now=clock.now()))
    second = token_in(address)

    def open_(token: str) -> Any:
        return quick_store.write(lambda work: doorkey.used(work, doorkey.opened(work, token, clock.now()), clock.now()))

    with pytest.raises(NotAllowed, match="tidak berlaku"):
        await open_(first)
    with pytest.raises(NotFound, match="tidak dikenal"):
        await open_("tebakan")
    for _ in range(desk.office.ppid.link_tries):
        await open_(second)
    with pytest.raises(NotAllowed, match="terlalu sering"):
        await open_(second)
    third = token_in(await quick_store.write(lambda work: formal.ask(work, desk, case.id, CITIZEN, now=clock.now())))
    link = await open_(third)
    clock.advance(timedelta(days=desk.office.ppid.link_days))
    with pytest.raises(NotAllowed, match="habis"):
        await open_(third)
    await quick_store.write(lambda work: doorkey.revoke(work, staff, link.id, clock.now()))
    verbs = [one.verb for one in await history(quick_store, case.conversation_id)]
    assert "link_used" in verbs
    assert "link_revoked" in verbs
    held = await quick_store.read(lambda work: work.errands.links(case.id))
    assert not any(token in repr(held) for token in (first, second, third))


async def test_an_extension_is_told_with_its_reason_and_given_once(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    desk = with_rules(PpidRules())
    clock.at = at("2026-03-13T23:59")
    case, staff = await a_request(write, judge, desk=desk, sent_at=clock.at), await an_officer(quick_store)
    clock.at = at("2026-04-06T23:59")
    reason = "Dokumennya masih dihimpun dari tiga bidang."

    def extend(seen: int) -> Any:
        return quick_store.write(
            lambda work: formal.extend(work, desk, staff, case.id, reason, now=clock.at, seen=seen)
        )

    longer = await extend((await fresh(quick_store, case)).version)

    assert longer.due == date(2026, 4, 15)
    told = (await notices(quick_store, case.conversation_id))[-1]
    assert reason in told
    assert "15 April 2026" in told
    with pytest.raises(Conflict):
        await extend(case.version)  # what another officer saw before
    with pytest.raises(Conflict, match="satu kali"):
        await extend((await fresh(quick_store, case)).version)


async def test_a_new_decree_recounts_open_requests_and_lists_what_moved(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    desk = with_rules(PpidRules())
    clock.at = at("2026-03-13T09:00")
    case = await a_request(write, judge, desk=desk, sent_at=clock.at)
    other = await a_request(write, judge, desk=desk, sent_at=clock.at - timedelta(days=30), conversation="utas-2")
    given_back = desk.clocks.resting({date(2026, 3, 30): "Cuti bersama tambahan"})
    given_back.calendar.__dict__["version"] = "baru"
    newer = replace(desk, clocks=given_back)

    moves, rest = await quick_store.write(
        lambda work: formal.recount_batch(work, newer, 0, clock.now(), "Kalender berubah.")
    )

    # 16=1 17=2 [18-24] 25=3 26=4 27=5 [30] 31=6, April 1=7 2=8 [3 4 5] 6=9 7=10.
    assert [(one.number, one.before, one.after) for one in moves] == [(case.number, date(2026, 4, 6), date(2026, 4, 7))]
    assert rest is None
    assert (await fresh(quick_store, other)).calendar_version == "baru"
    moved = [one for one in await history(quick_store, case.conversation_id) if one.verb == "due_moved"]
    assert [(one.before, one.after, one.why) for one in moved] == [("2026-04-06", "2026-04-07", "Kalender berubah.")]


async def test_what_is_complete_is_not_asked_again(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)
    await fill(quick_store, desk, case, clock.now())

    with pytest.raises(Invalid, match="sudah lengkap"):
        await quick_store.write(lambda work: formal.ask(work, desk, case.id, CITIZEN, now=clock.now()))
