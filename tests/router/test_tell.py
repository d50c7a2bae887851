"""A word about a case where everybody reads: in private where there is a way, else nothing of the case; 112 at once."""

from datetime import timedelta

import pytest

from omnichannel.domain.case import Outcome
from omnichannel.domain.channel import Capabilities, Late, Surface
from omnichannel.domain.message import Author, Delivery
from omnichannel.domain.outbox import AUTOMATIC_PER_HOUR, mark, notify, send_queue, urgent_queue
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.router.conclude import conclude, tell_outcome
from omnichannel.router.desk import Desk
from omnichannel.router.tell import told_instead
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT
from tests.desk import a_desk, a_verdict
from tests.house import HandClock
from tests.router.conftest import Judge, Write, notices, talk

DAY = timedelta(days=1)
DIRECT = Capabilities(text_limit=1000, window=DAY, late=Late.HUMAN_TAG, late_window=7 * DAY)
CAN = Capabilities(
    text_limit=8000, private_reply=True, hide=True, private=DIRECT, private_window=7 * DAY, private_notices=True
)
PUBLIC = {"surface": Surface.PUBLIC, "conversation": "kiriman-1"}
FIRE = a_verdict(topic="keamanan", urgent=True)


@pytest.fixture
def meta() -> Desk:
    """A channel that lets a comment be answered in private."""
    return a_desk(CAN)


async def in_private(store: SqlStore, citizen: str = "warga-1") -> list[str]:
    found = await store.read(lambda work: work.conversations.find(ACCOUNT, citizen, Surface.DIRECT))
    return await notices(store, found.id) if found else []


async def in_public(store: SqlStore) -> list[str]:
    return await notices(store, (await talk(store, "kiriman-1", Surface.PUBLIC)).id)


async def test_a_number_goes_by_the_comments_private_answer(
    quick_store: SqlStore, write: Write, judge: Judge, meta: Desk
) -> None:
    made = await judge(await write("Lampu mati di gang kami", **PUBLIC), a_verdict(), at_desk=meta)

    assert made is not None
    (told,) = await in_private(quick_store)
    assert made.number in told
    assert await in_public(quick_store) == []


async def test_what_the_citizen_adds_in_private_belongs_to_the_same_case(
    quick_store: SqlStore, write: Write, judge: Judge, meta: Desk
) -> None:
    made = await judge(await write("Lampu mati di gang kami", **PUBLIC), a_verdict(), at_desk=meta)
    added = await write("Di Gang Mawar nomor tiga", conversation="warga-1")

    followed = await judge(added, a_verdict(), at_desk=meta)

    assert made is not None
    assert followed is not None
    assert followed.id == made.id
    private = await talk(quick_store, "warga-1")
    assert private.case_id == made.id


@pytest.mark.parametrize("answered", [True, False])
async def test_news_follow_into_the_private_thread_only_while_its_window_is_open(
    quick_store: SqlStore, write: Write, judge: Judge, meta: Desk, staff: Staff, clock: HandClock, answered: bool
) -> None:
    made = await judge(await write("Lampu mati di gang kami", **PUBLIC), a_verdict(), at_desk=meta)
    assert made is not None
    if answered:
        await write("terima kasih", conversation="warga-1")

    def ended(work: Work) -> None:
        after = conclude(work, staff, made.id, Outcome.RESOLVED, now=clock.now())
        tell_outcome(work, meta.office, after, None, capabilities=CAN, now=clock.now())

    await quick_store.write(ended)

    private, public = await in_private(quick_store), await in_public(quick_store)
    assert [made.number in one for one in private] == [True] * (1 + answered)
    assert [made.number in one for one in public] == ([] if answered else [False])


@pytest.mark.parametrize(
    "able", [Capabilities(text_limit=8000), Capabilities(text_limit=280, private_reply=True, private=DIRECT)]
)
async def test_where_there_is_no_private_way_nothing_of_the_case_is_said(
    quick_store: SqlStore, write: Write, judge: Judge, able: Capabilities
) -> None:
    made = await judge(await write("Lampu mati di gang kami", **PUBLIC), a_verdict(), at_desk=a_desk(able))

    assert made is not None
    (told,) = await in_public(quick_store)
    assert made.number not in told
    assert "/publik/lacak" in told


async def test_an_old_comment_is_answered_neutrally(
    quick_store: SqlStore, write: Write, judge: Judge, meta: Desk, clock: HandClock
) -> None:
    message = await write("Lampu mati di gang kami", sent_at=clock.now() - 8 * DAY, **PUBLIC)

    made = await judge(message, a_verdict(), at_desk=meta)

    assert made is not None
    assert made.number not in " ".join(await in_public(quick_store))
    assert await in_private(quick_store) == []


async def test_each_citizen_under_a_post_is_told_alone(
    quick_store: SqlStore, write: Write, judge: Judge, meta: Desk
) -> None:
    numbers = []
    for n in range(AUTOMATIC_PER_HOUR + 3):
        author = Author(id=f"orang-{n}", name=f"Orang {n}")
        made = await judge(await write("Lampu mati di gang kami", author=author, **PUBLIC), a_verdict(), at_desk=meta)
        assert made is not None
        numbers.append(made.number)

    told = [await in_private(quick_store, f"orang-{n}") for n in range(len(numbers))]
    assert all(number in one[0] for number, one in zip(numbers, told, strict=True))


async def test_a_word_about_danger_is_said_in_public_at_once_and_passes_what_waits(
    quick_store: SqlStore, write: Write, judge: Judge, meta: Desk
) -> None:
    await judge(await write("Rumah tetangga terbakar!", **PUBLIC), FIRE, at_desk=meta)

    (told,) = await in_public(quick_store)
    assert "112" in told

    def queues(work: Work) -> tuple[object, object]:
        return work.jobs.next_at(urgent_queue(ACCOUNT)), work.jobs.next_at(send_queue(ACCOUNT))

    urgent, _ = await quick_store.read(queues)
    assert urgent is not None


async def test_no_chatter_before_it_silences_112(
    quick_store: SqlStore, write: Write, judge: Judge, meta: Desk, clock: HandClock
) -> None:
    await write("halo", **PUBLIC)
    public = await talk(quick_store, "kiriman-1", Surface.PUBLIC)
    for n in range(AUTOMATIC_PER_HOUR):
        await quick_store.write(
            lambda work, n=n: notify(work, public, f"kabar {n}", key=f"uji:{n}", capabilities=CAN, now=clock.now())  # type: ignore[misc]
        )

    await judge(await write("Rumah tetangga terbakar!", **PUBLIC), FIRE, at_desk=meta)

    assert any("112" in one for one in await in_public(quick_store))


async def test_a_long_notice_leaves_as_several_where_that_is_allowed(
    quick_store: SqlStore, write: Write, clock: HandClock
) -> None:
    await write("halo", conversation="warga-1")
    private = await talk(quick_store, "warga-1")
    several = Capabilities(text_limit=40, several=True)
    text = "Kalimat pertama yang panjang. Kalimat kedua yang panjang. Selesai."

    for able in (Capabilities(text_limit=40), several, several):
        await quick_store.write(
            lambda work, able=able: notify(work, private, text, key="uji:1", capabilities=able, now=clock.now())  # type: ignore[misc]
        )

    assert await notices(quick_store, private.id) == [
        "Kalimat pertama yang panjang.",
        "Kalimat kedua yang panjang. Selesai.",
    ]


X_LIKE = Capabilities(text_limit=280, private_reply=True, private=DIRECT, repeats=False)


async def test_where_words_may_not_be_repeated_each_citizen_is_told_by_name(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    for n in range(3):
        author = Author(id=f"orang-{n}", name=f"Orang {n}", handle=f"orang_{n}")
        await judge(
            await write("Lampu mati di gang kami", author=author, **PUBLIC), a_verdict(), at_desk=a_desk(X_LIKE)
        )
    for n in range(3):  # the same citizens again the day after, in threads of their own
        clock.advance(DAY)
        author = Author(id=f"orang-{n}", name=f"Orang {n}", handle=f"orang_{n}")
        thread = {"surface": Surface.PUBLIC, "conversation": f"kiriman-{n + 2}", "author": author}
        await judge(await write("Jalan rusak di gang kami", **thread), a_verdict(), at_desk=a_desk(X_LIKE))

    told = await in_public(quick_store)
    for n in range(3):
        told += await notices(quick_store, (await talk(quick_store, f"kiriman-{n + 2}", Surface.PUBLIC)).id)
    assert [one.split()[0] for one in told] == ["@orang_0", "@orang_1", "@orang_2"] * 2
    assert len(set(told)) == 6


async def test_the_neutral_sentence_stands_under_its_own_citizens_comment(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, clock: HandClock
) -> None:
    able, a, b = Capabilities(text_limit=8000), Author(id="a", name="A"), Author(id="b", name="B")
    mine = await write("Lampu mati di gang kami", author=a, **PUBLIC)
    made = await judge(mine, a_verdict(), at_desk=a_desk(able))
    await write("Semangat!", author=b, **PUBLIC)
    assert made is not None
    clock.advance(DAY)

    def ended(work: Work) -> None:
        after = conclude(work, staff, made.id, Outcome.RESOLVED, now=clock.now())
        tell_outcome(work, a_desk(able).office, after, None, capabilities=able, now=clock.now())

    await quick_store.write(ended)

    public = await talk(quick_store, "kiriman-1", Surface.PUBLIC)
    said = [one for one in await quick_store.read(lambda work: work.messages.thread(public.id)) if one.automatic]
    assert [one.reply_to for one in said] == [mine.external_id] * 2
    assert said[1].text.startswith("Ada kabar baru")


async def test_what_was_just_said_in_public_is_not_said_again(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, clock: HandClock
) -> None:
    able = Capabilities(text_limit=8000)
    made = await judge(await write("Lampu mati di gang kami", **PUBLIC), a_verdict(), at_desk=a_desk(able))
    assert made is not None

    def ended(work: Work) -> None:
        after = conclude(work, staff, made.id, Outcome.RESOLVED, now=clock.now())
        tell_outcome(work, a_desk(able).office, after, None, capabilities=able, now=clock.now())

    await quick_store.write(ended)

    assert len(await in_public(quick_store)) == 1


async def test_a_receipt_by_private_answer_asks_for_an_answer(
    quick_store: SqlStore, write: Write, judge: Judge, meta: Desk
) -> None:
    await judge(await write("Lampu mati di gang kami", **PUBLIC), a_verdict(), at_desk=meta)

    (told,) = await in_private(quick_store)
    assert told.endswith(meta.office.notice("ajak_balas", kantor=meta.office.name))


@pytest.mark.parametrize(("topic", "neutral"), [("pju", 1), ("pungli", 0)])
async def test_a_refused_private_notice_becomes_the_neutral_sentence(
    quick_store: SqlStore, write: Write, judge: Judge, meta: Desk, clock: HandClock, topic: str, neutral: int
) -> None:
    await judge(await write("Lampu mati di gang kami", **PUBLIC), a_verdict(topic=topic), at_desk=meta)
    private = await quick_store.read(lambda work: work.conversations.find(ACCOUNT, "warga-1", Surface.DIRECT))
    assert private is not None

    def refused(work: Work) -> None:
        (notice,) = work.messages.thread(private.id)
        mark(work, notice, Delivery.FAILED, clock.now(), error="Warga ini tidak menerima pesan.")
        for _ in range(2):  # whoever comes twice says it once
            told_instead(work, meta.office, notice.id, lambda where: CAN, clock.now())

    await quick_store.write(refused)

    said = await in_public(quick_store)
    assert [("/publik/lacak" in one, "LAP-" in one) for one in said] == [(True, False)] * neutral
