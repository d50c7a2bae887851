"""What staff put right becomes lessons: the text that was meant, with the last word that was said on it."""

from typing import Any

from omnichannel.domain.case import Kind, Outcome
from omnichannel.domain.people import Staff
from omnichannel.router import corrections
from omnichannel.router.conclude import conclude
from omnichannel.router.corrections import Corrections
from omnichannel.router.desk import Desk
from omnichannel.router.lessons import Lesson, Origin
from omnichannel.router.route import confirm, reclassify, void
from omnichannel.store.database import SqlStore
from tests.desk import a_verdict
from tests.house import HandClock
from tests.router.conftest import Judge, Write, talk
from tests.router.matters import DAY, REQUEST


async def learnt(store: SqlStore) -> list[Lesson]:
    found = Corrections()
    while await store.read(found.more):
        pass
    return found.lessons


async def put_right(
    store: SqlStore, desk: Desk, staff: Staff, clock: HandClock, kind: Kind, topic: str = "pju", thread: str = "utas-1"
) -> None:
    clock.advance(DAY / 24)
    where = await talk(store, thread)
    facts: dict[str, Any] = {"kind": kind, "topic": topic, "unit": "dishub", "now": clock.now()}
    await store.write(lambda work: reclassify(work, desk, staff, where.id, **facts))


async def test_nothing_put_right_is_nothing_to_learn(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    await judge(await write(), a_verdict())

    assert await learnt(quick_store) == []


async def test_a_wrong_kind_teaches_the_text_of_its_case(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff, clock: HandClock
) -> None:
    await judge(await write("Minta data lampu jalan", subject="Lampu"), a_verdict())
    await write("Terima kasih ya")
    await put_right(quick_store, desk, staff, clock, REQUEST)

    (lesson,) = await learnt(quick_store)

    assert (lesson.text, lesson.kind, lesson.topic) == ("Lampu\nMinta data lampu jalan", REQUEST, "pju")
    assert lesson.origin is Origin.CORRECTION


async def test_what_is_no_matter_of_ours_teaches_so(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff, clock: HandClock
) -> None:
    await judge(await write("Lampunya bagus sekali"), a_verdict())
    await put_right(quick_store, desk, staff, clock, Kind.OTHER, "lainnya")

    (lesson,) = await learnt(quick_store)

    assert (lesson.text, lesson.kind) == ("Lampunya bagus sekali", Kind.OTHER)


async def test_small_talk_that_was_a_complaint_teaches_the_words_before_the_correction(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff, clock: HandClock
) -> None:
    await judge(await write("Mantap jalannya jadi kolam"), a_verdict(Kind.OTHER))
    await put_right(quick_store, desk, staff, clock, Kind.COMPLAINT, "jalan_jembatan")
    clock.advance(DAY)
    await write("Halo?")

    (lesson,) = await learnt(quick_store)

    assert (lesson.text, lesson.kind, lesson.topic) == ("Mantap jalannya jadi kolam", Kind.COMPLAINT, "jalan_jembatan")


async def test_only_the_last_word_on_a_message_counts(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff, clock: HandClock
) -> None:
    await judge(await write("Air mati"), a_verdict())
    await put_right(quick_store, desk, staff, clock, REQUEST)
    await put_right(quick_store, desk, staff, clock, REQUEST, "listrik")
    await put_right(quick_store, desk, staff, clock, Kind.COMPLAINT, "air_bersih")

    (lesson,) = await learnt(quick_store)

    assert (lesson.kind, lesson.topic) == (Kind.COMPLAINT, "air_bersih")


async def test_a_topic_put_right_and_a_guess_confirmed_teach_too(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff, clock: HandClock, monkeypatch: Any
) -> None:
    monkeypatch.setattr(corrections, "PAGE", 2)  # many pages of history read as one
    await judge(await write("Pipa bocor", conversation="utas-1"), a_verdict(p=0.85))
    await put_right(quick_store, desk, staff, clock, Kind.COMPLAINT, "air_bersih")
    unsure = await judge(await write("Minta data APBD", conversation="utas-2"), a_verdict(REQUEST, 0.45))
    assert unsure is not None
    await quick_store.write(lambda work: confirm(work, staff, unsure.id, now=clock.now()))

    found = await learnt(quick_store)

    assert [(one.text, one.kind, one.topic) for one in found] == [
        ("Pipa bocor", Kind.COMPLAINT, "air_bersih"),
        ("Minta data APBD", REQUEST, "pju"),
    ]


async def test_a_case_brought_to_its_end_says_that_its_kind_is_right(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, clock: HandClock
) -> None:
    """Whoever only puts right what is wrong tells but half: what was right all along is heard from the cases that ended."""
    made = await judge(await write("Lampu jalan mati sejak Senin"), a_verdict())
    assert made is not None
    untouched = await learnt(quick_store)

    await quick_store.write(lambda work: conclude(work, staff, made.id, Outcome.RESOLVED, now=clock.now()))

    (lesson,) = await learnt(quick_store)
    assert untouched == []
    assert (lesson.text, lesson.kind, lesson.topic) == ("Lampu jalan mati sejak Senin", Kind.COMPLAINT, "pju")


async def test_what_is_secret_teaches_nothing(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, staff: Staff, clock: HandClock
) -> None:
    """A complaint about officials is closed as secret; its words stay out of every model."""
    made = await judge(await write("Petugas loket minta uang"), a_verdict(topic="kependudukan"))
    assert made is not None
    await put_right(quick_store, desk, staff, clock, Kind.COMPLAINT, "pungli")

    assert await learnt(quick_store) == []


async def test_a_case_voided_for_another_reason_teaches_nothing(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, clock: HandClock
) -> None:
    made = await judge(await write(), a_verdict())
    assert made is not None
    await quick_store.write(lambda work: void(work, staff, made.id, "Laporan ganda", now=clock.now()))

    assert await learnt(quick_store) == []
