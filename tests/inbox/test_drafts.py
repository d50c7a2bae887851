"""What an officer has begun to write is nobody's to overwrite: not another tab's, not another device's, not a late request's."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.domain.composing import Draft, Way
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.inbox import drafts
from omnichannel.store.database import SqlStore
from tests.build import NOON
from tests.inbox.answers import a_talk


class Desk:
    """One officer's drafts in one conversation, a minute apart."""

    def __init__(self, store: SqlStore, staff: Staff, conversation: Conversation) -> None:
        self.store, self.staff, self.talk, self.minutes = store, staff, conversation, 0

    async def save(self, text: str, tab: str, seen: int = 0, way: Way = Way.REPLY, **more: object) -> Draft | None:
        self.minutes += 1
        now = NOON + timedelta(minutes=self.minutes)

        def story(work: Work) -> Draft | None:
            return drafts.save(work, self.staff, self.talk.id, text, tab=tab, seen=seen, way=way, now=now, **more)  # type: ignore[arg-type]

        return await self.store.write(story)

    async def sent(self, text: str, tab: str = "") -> None:
        self.minutes += 1
        now = NOON + timedelta(minutes=self.minutes)
        await self.store.write(lambda work: drafts.sent(work, self.staff, self.talk.id, text, tab=tab, now=now))

    async def held(self) -> Draft | None:
        return await self.store.read(lambda work: work.drafts.get(self.staff.id, self.talk.id))

    async def texts(self) -> list[str]:
        held = await self.held()
        return [] if held is None else [held.text, *(one.text for one in held.rivals)]


@pytest.fixture
async def desk(quick_store: SqlStore) -> Desk:
    return Desk(quick_store, *await a_talk(quick_store))


async def test_it_is_kept_with_where_it_is_to_go_and_what_goes_along(desk: Desk) -> None:
    await desk.save("Baik, kami", "a", way=Way.NOTE, files=["denah.pdf"])

    held = await desk.held()
    assert held is not None
    assert (held.text, held.way, held.files) == ("Baik, kami", Way.NOTE, ("denah.pdf",))
    assert await desk.store.read(lambda work: list(work.drafts.of(desk.staff.id))) == [desk.talk.id]
    assert await desk.store.read(lambda work: list(work.drafts.of(desk.staff.id + 1))) == []


async def test_one_page_writes_on_without_leaving_its_old_words_behind(desk: Desk) -> None:
    for text in ("B", "Ba", "Baik"):
        await desk.save(text, "a")

    assert await desk.texts() == ["Baik"]


async def test_two_tabs_do_not_overwrite_each_other(desk: Desk) -> None:
    await desk.save("dari tab satu", "a")
    await desk.save("dari tab dua", "b")
    await desk.save("dari tab satu, lebih panjang", "a")

    assert sorted(await desk.texts()) == ["dari tab dua", "dari tab satu, lebih panjang"]


async def test_whoever_has_seen_it_goes_on_with_it(desk: Desk) -> None:
    first = await desk.save("dimulai di kantor", "kantor")
    assert first is not None

    await desk.save("dimulai di kantor, diteruskan di ponsel", "ponsel", seen=first.version)

    assert await desk.texts() == ["dimulai di kantor, diteruskan di ponsel"]


async def test_a_repeated_save_changes_nothing(desk: Desk) -> None:
    first = await desk.save("sama", "a")
    again = await desk.save("sama", "a")

    assert first == again


async def test_an_empty_page_does_not_erase_what_it_never_saw(desk: Desk) -> None:
    first = await desk.save("belum selesai", "a")
    await desk.save("", "b")
    assert await desk.texts() == ["belum selesai"]

    assert first is not None
    await desk.save("  ", "b", seen=first.version)
    assert await desk.held() is None


async def test_what_has_left_is_no_draft_and_the_other_text_still_is(desk: Desk) -> None:
    await desk.save("tab satu", "a")
    await desk.save("tab dua", "b")

    await desk.sent("tab dua", "b")
    assert await desk.texts() == ["tab satu"]

    await desk.sent("tab satu")
    assert await desk.held() is None


async def test_an_answer_written_without_script_leaves_another_draft_alone(desk: Desk) -> None:
    await desk.save("masih ditulis", "a")

    await desk.sent("jawaban lain")

    assert await desk.texts() == ["masih ditulis"]


async def test_a_page_that_slept_over_a_sending_takes_the_new_text_for_no_old_one(desk: Desk) -> None:
    old = await desk.save("lama", "a")
    await desk.sent("lama", "a")
    new = await desk.save("baru", "b")
    assert old is not None
    assert new is not None
    assert new.version > old.version

    await desk.save("lama, diubah", "a", seen=old.version)

    assert sorted(await desk.texts()) == ["baru", "lama, diubah"]


async def test_taking_the_other_text_and_back_loses_neither(desk: Desk) -> None:
    await desk.save("satu", "a")
    held = await desk.save("dua", "b")
    assert held is not None

    def swap(work: Work) -> Draft | None:
        draft = work.drafts.get(desk.staff.id, desk.talk.id)
        assert draft is not None
        return drafts.swap(work, desk.staff, desk.talk.id, draft.rivals[0].at, now=NOON)

    await desk.store.write(swap)
    assert await desk.texts() == ["satu", "dua"]
    await desk.store.write(swap)
    assert await desk.texts() == ["dua", "satu"]

    at = (await desk.held()).rivals[0].at  # type: ignore[union-attr]
    await desk.store.write(lambda work: drafts.throw_away(work, desk.staff, desk.talk.id, at, now=NOON))
    assert await desk.texts() == ["dua"]


async def test_what_did_not_leave_comes_back_beside_what_is_written_meanwhile(desk: Desk) -> None:
    await desk.save("kalimat berikutnya", "a")

    await desk.store.write(
        lambda work: drafts.give_back(work, desk.staff.id, desk.talk.id, "ditarik kembali", Way.REPLY, NOON)
    )

    assert await desk.texts() == ["kalimat berikutnya", "ditarik kembali"]


async def test_nobody_comes_back_to_a_draft_after_a_month(desk: Desk) -> None:
    _, other = await a_talk(desk.store)
    await desk.save("lama sekali", "a")
    desk.minutes = 31 * 24 * 60

    await desk.store.write(
        lambda work: drafts.save(work, desk.staff, other.id, "baru", tab="a", seen=0, now=NOON + timedelta(days=31))
    )

    assert await desk.held() is None


async def test_an_endless_text_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid):
        await desk.save("x" * (drafts.LONGEST + 1), "a")


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from("abc"), st.text("xyz \0\ud800", max_size=4)), max_size=12))
def test_the_last_words_of_each_page_are_still_there(steps: list[tuple[str, str]]) -> None:
    """Whatever three pages write in whatever order, the last text of each can be found again."""
    held: Draft | None = None
    last: dict[str, str] = {}
    for minute, (tab, text) in enumerate(steps):
        now = NOON + timedelta(minutes=minute)
        given = Draft(staff_id=1, conversation_id=1, text=text, tab=tab, saved_at=now)
        held, last[tab] = drafts.kept(held, given, 0), text

    found = {held.text.strip(), *(one.text.strip() for one in held.rivals)} if held is not None else set()
    assert {text.strip() for text in last.values() if text.strip()} <= found
