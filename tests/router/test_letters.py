"""A letter has one number, is kept with what stands on it, and reaches the citizen by whatever way their channel has."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.case import Case, Outcome
from omnichannel.domain.channel import Capabilities, Late, Surface
from omnichannel.domain.errors import Invalid, NotAllowed, NotFound, WindowClosed
from omnichannel.domain.letter import Letter, LetterKind, LetterRules, ReceiptAt
from omnichannel.domain.ppid_decision import Ruling
from omnichannel.domain.work import Work
from omnichannel.printing.printer import OfficePrinter
from omnichannel.router import letters, ruling
from omnichannel.router.desk import Desk, by_staff
from omnichannel.router.receipts import QUEUE
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.workers import lettering
from tests.build import CITIZEN
from tests.desk import a_desk, a_house
from tests.house import HandClock
from tests.plug import Plug
from tests.router.asking import a_request, an_officer, fill, fresh, proved
from tests.router.conftest import Judge, Write, history, talk

PRINTER = OfficePrinter(LetterRules())
TAKES = Capabilities(text_limit=4096, attachment_limit=1_000_000)


def able(capabilities: Capabilities | None) -> Desk:
    return replace(a_desk(), ability=lambda account, surface: capabilities)


async def made(store: SqlStore, desk: Desk, case: Case, clock: HandClock, kind: LetterKind = LetterKind.RECEIPT):
    def story(work: Work):
        return letters.make(work, desk, PRINTER.letter, case.id, kind, CITIZEN, now=clock.now())

    return await store.write(story)


async def test_letters_of_every_kind_share_one_series_and_say_what_the_rows_say(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)
    await fill(quick_store, desk, case, clock.now())
    officer = await an_officer(quick_store)
    await proved(quick_store, officer, case, clock.now())
    no = Ruling(outcome=Outcome.REFUSED, reason="Memuat rahasia pribadi penerima.", grounds=("h",))
    case = await fresh(quick_store, case)
    await quick_store.write(
        lambda work: ruling.decide(work, desk, officer, case.id, no, now=clock.now(), seen=case.version)
    )

    first, drawn = await made(quick_store, desk, case, clock)
    second, _ = await made(quick_store, desk, case, clock, LetterKind.REFUSAL)

    assert (first.number[:3], second.number[:3]) == ("001", "002")
    assert second.letter.field("Nama") == "Warga Uji"
    assert second.letter.field("Informasi yang diuji") == "Nama dan NIK penerima bantuan"
    assert drawn == PRINTER.letter(first.letter)  # lost on the disk, it can be drawn again to the byte
    told = [(one.verb, one.after) for one in await history(quick_store, case.conversation_id)]
    assert ("letter_made", second.number) in told
    assert second.file_name.endswith(".pdf")
    assert "/" not in second.file_name


async def test_a_letter_that_cannot_be_drawn_uses_no_number(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)

    def broken(letter: Letter) -> bytes:
        raise ValueError("kertas habis")

    with pytest.raises(ValueError, match="kertas"):
        await quick_store.write(
            lambda work: letters.make(work, desk, broken, case.id, LetterKind.RECEIPT, CITIZEN, now=clock.now())
        )
    kept, _ = await made(quick_store, desk, case, clock)

    assert kept.number.startswith("001")


async def test_where_the_channel_takes_files_the_letter_goes_with_the_message(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    desk = able(TAKES)
    case = await a_request(write, judge)
    kept, _ = await made(quick_store, desk, case, clock)
    officer = await an_officer(quick_store)

    def story(work: Work):
        return letters.hand_over(work, desk, letters.paper_of(kept), officer, key="surat-1", now=clock.now())

    handing = await quick_store.write(story)

    message = await quick_store.read(lambda work: work.messages.get(handing.message_id or 0))
    assert message is not None
    assert [(one.name, one.sha256, one.media_type) for one in message.files] == [
        (kept.file_name, kept.sha256, "application/pdf")
    ]
    assert case.number in message.text
    assert handing.token_hash is None


@pytest.mark.parametrize("limit", [None, 100])
async def test_where_it_does_not_a_link_opens_for_a_while(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock, limit: int | None
) -> None:
    desk = able(Capabilities(text_limit=1000, attachment_limit=limit))
    case = await a_request(write, judge)
    kept, _ = await made(quick_store, desk, case, clock)
    officer = await an_officer(quick_store)

    def story(work: Work):
        return letters.hand_over(work, desk, letters.paper_of(kept), officer, key="surat-1", now=clock.now())

    handing = await quick_store.write(story)
    message = await quick_store.read(lambda work: work.messages.get(handing.message_id or 0))
    assert message is not None
    token = message.text.partition("/surat/")[2].split()[0]
    opened = await quick_store.write(lambda work: letters.open_link(work, token, clock.now()))
    await quick_store.write(lambda work: letters.open_link(work, token, clock.now()))

    assert opened.sha256 == kept.sha256
    assert token not in str(handing)
    assert [one.verb for one in await history(quick_store, case.conversation_id)].count("letter_opened") == 1
    clock.advance(timedelta(days=31))
    with pytest.raises(NotAllowed):
        await quick_store.write(lambda work: letters.open_link(work, token, clock.now()))
    with pytest.raises(NotFound):
        await quick_store.write(lambda work: letters.open_link(work, token + "x", clock.now()))


async def test_outside_the_window_nothing_looks_sent(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    desk = able(Capabilities(text_limit=1000, window=timedelta(hours=24), late=Late.REFUSED, attachment_limit=10**6))
    case = await a_request(write, judge)
    kept, _ = await made(quick_store, desk, case, clock)
    officer = await an_officer(quick_store)
    clock.advance(timedelta(days=2))

    with pytest.raises(WindowClosed):
        await quick_store.write(
            lambda work: letters.hand_over(work, desk, letters.paper_of(kept), officer, key="s", now=clock.now())
        )

    assert await quick_store.read(lambda work: work.letters.handings(case.id)) == []


async def test_under_a_public_comment_no_letter_is_shown(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    desk = able(TAKES)
    case = await a_request(write, judge, surface=Surface.PUBLIC, conversation="komentar-1")
    kept, _ = await made(quick_store, desk, case, clock)
    officer = await an_officer(quick_store)

    with pytest.raises(Invalid, match="publik"):
        await quick_store.write(
            lambda work: letters.hand_over(work, desk, letters.paper_of(kept), officer, key="s", now=clock.now())
        )

    where = await talk(quick_store, "komentar-1", Surface.PUBLIC)
    said = await quick_store.read(lambda work: work.messages.thread(where.id))
    assert not any("/surat/" in one.text or one.files for one in said)


async def test_given_by_hand_it_is_written_down_and_no_message_leaves(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    desk = able(Capabilities(text_limit=1000, by_hand=True))
    case = await a_request(write, judge)
    kept, _ = await made(quick_store, desk, case, clock)
    officer = await an_officer(quick_store)

    handing = await quick_store.write(
        lambda work: letters.hand_over(work, desk, letters.paper_of(kept), officer, key="s", now=clock.now())
    )

    assert (handing.message_id, handing.token_hash) == (None, None)
    assert "letter_given" in [one.verb for one in await history(quick_store, case.conversation_id)]


@pytest.mark.parametrize("at", [ReceiptAt.RECEIVED, ReceiptAt.COMPLETE])
async def test_where_the_office_wants_it_the_receipt_leaves_by_itself_once(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock, bell: LocalBell, tmp_path: Path, at: ReceiptAt
) -> None:
    rules = LetterRules(receipt=at)
    desk = a_desk(letters=rules)
    case = await a_request(write, judge, desk=desk)
    if at is ReceiptAt.COMPLETE:
        assert not await quick_store.read(lambda work: work.jobs.waits(QUEUE, f"receipt:{case.id}"))
        await fill(quick_store, desk, case, clock.now())
    house = a_house(quick_store, tmp_path, clock=clock, bell=bell, connectors=[Plug()], letters=rules)

    await lettering.turn(house, "uji")
    await lettering.receipt(house, case.id)

    kept = await quick_store.read(lambda work: work.letters.of_case(case.id))
    assert [one.kind for one in kept] == [LetterKind.RECEIPT]
    assert house.files.read(kept[0].sha256).startswith(b"%PDF-")
    assert len(await quick_store.read(lambda work: work.letters.handings(case.id))) == 1


async def test_by_itself_nothing_leaves_unless_the_office_says_so(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)
    await fill(quick_store, desk, case, clock.now())

    assert not await quick_store.read(lambda work: work.jobs.waits(QUEUE, f"receipt:{case.id}"))


async def test_a_letter_of_another_case_is_no_letter_of_this_one(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock
) -> None:
    case = await a_request(write, judge)
    kept, _ = await made(quick_store, desk, case, clock)
    officer = by_staff(await an_officer(quick_store))

    with pytest.raises(NotFound):
        await quick_store.read(lambda work: letters.letter_of(work, kept.id, case.id + 1))
    assert officer.key.startswith("staff:")
