"""What is found by its words, on both databases: the same, at once, for whose eyes, and never after it is erased."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from omnichannel.domain.case import Kind, Queue
from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.errors import Invalid
from omnichannel.domain.message import Attachment
from omnichannel.domain.ppid import Request
from omnichannel.domain.screens import Page
from omnichannel.domain.search import Hit, Piece, Sought, Standing
from omnichannel.domain.terms import asked_terms
from omnichannel.domain.work import Scope, Work
from omnichannel.store import finding, indexing
from omnichannel.store import search as searching
from omnichannel.store.database import SqlStore
from omnichannel.store.indexing import SAID
from omnichannel.store.search import NAMES, SECRET_OF, WHOLE_OF
from omnichannel.store.tables import search_words
from tests.build import NOON, a_case, a_contact, a_conversation, a_message, a_staff, an_author

MINUTE = timedelta(minutes=1)
EVERYBODY = Scope()


def words(text: str, **filters: Any) -> Sought:
    """Each word by itself, as the search field reads it."""
    return Sought(pieces=tuple(Piece(tuple(asked_terms(one))) for one in text.split()), **filters)


def _look(work: Work, *, sought: Sought, scope: Scope, after: str | None, limit: int) -> Page[Hit]:
    return work.search.find(sought, scope, after=after, limit=limit)


async def found(store: SqlStore, sought: Sought, scope: Scope = EVERYBODY, limit: int = 30) -> list[Hit]:
    """Every page, one after the other."""
    hits: list[Hit] = []
    after: str | None = None
    for _ in range(100):
        look = partial(_look, sought=sought, scope=scope, after=after, limit=limit)
        page = await store.read(look)
        hits += page.rows
        after = page.after
        if after is None:
            return hits
    raise AssertionError("a search that never ends")


async def said(store: SqlStore, text: str, **filters: Any) -> list[str]:
    return [one.text for hit in await found(store, words(text, **filters)) for one in hit.passages]


async def ids(store: SqlStore, sought: Sought, scope: Scope = EVERYBODY) -> list[int]:
    return [hit.row.id for hit in await found(store, sought, scope)]


@pytest.mark.parametrize(
    "text", ["PPID-2026-000001", "ppid-2026-000001", "warga", "Warga Ang", "Anggrek warga", "@rgrek", "rgrek", "0811 22-33",
             "0811223344", "+628112233", "3344", "ani@contoh", "TRK-9", "Siti", "0009"],
)  # fmt: skip
async def test_a_conversation_is_found_by_whatever_names_it(store: SqlStore, text: str) -> None:
    def story(work: Work) -> int:
        contact = a_contact(
            work, name="Warga  Anggrek", handle="rgrek", phone="+62811223344", address="ani@contoh.example"
        )
        conversation = a_conversation(work, contact=contact, state=ConversationState.RESOLVED)
        case = a_case(work, conversation=conversation, kind=Kind.INFORMATION_REQUEST)
        work.cases.save(case, replace(case, tracking_id="TRK-9"))
        blank = Request(case_id=case.id, received_at=NOON)
        work.requests.save(blank, replace(blank, name="Siti Contoh", identity="6408010101010009"))
        a_conversation(work, contact=a_contact(work, name="Orang Lain", phone="+62899"))
        return conversation.id

    conversation_id = await store.write(story)
    pieces = (Piece(tuple(asked_terms(text))),) if text[0] in "0+" else words(text).pieces

    assert await ids(store, Sought(pieces=pieces)) == [conversation_id]


@pytest.mark.parametrize(
    "text", ["%", "_", "nggrek", "'; --", '"', "* OR *", "NOT", "\x00", "\ud800", "9" * 5000, "@", "(zz"]
)
async def test_words_that_nobody_said_find_nothing_and_break_nothing(store: SqlStore, text: str) -> None:
    await store.write(lambda work: a_message(work, text="Lampu jalan mati."))

    assert await ids(store, words(text)) == []


@pytest.mark.parametrize(
    ("asked", "there"),
    [("lampu", True), ("LAMPU mati", True), ("lampunya", True), ("café", True), ("cafe", True), ("lam", True),
     ("lampu banjir", False), ("مصباح", True), ("街灯", True), ("pergub", True), ("surat.pdf", True), ("perihal", True)],
)  # fmt: skip
async def test_a_message_is_found_by_its_words_subject_and_files(store: SqlStore, asked: str, there: bool) -> None:
    def story(work: Work) -> None:
        one = a_message(work, text="Lampu di Café itu MATI. مصباح 街灯", subject="Perihal lampu")
        work.messages.add_files(one.id, [Attachment(media_type="application/pdf", name="Surat.pdf"),
                                         Attachment(media_type="image/png", name="foto Pergub 5.png")])  # fmt: skip
        a_message(work, text="Jalan berlubang.")

    await store.write(story)

    assert len(await found(store, words(asked))) == there


async def test_a_phrase_stands_together_and_a_minus_leaves_out(store: SqlStore) -> None:
    def story(work: Work) -> None:
        for text in ("jalan rusak parah", "parah sekali, rusak jalan", "jalan rusak"):
            a_message(work, text=text)

    await store.write(story)
    phrase, without = Piece(("jalan", "rusak")), Piece(("parah",), without=True)

    assert len(await ids(store, Sought(pieces=(phrase,)))) == 2
    assert [hit.passages[0].text for hit in await found(store, Sought(pieces=(phrase, without)))] == ["jalan rusak"]
    assert await ids(store, Sought(pieces=(without,))) == []


async def test_what_is_in_the_index_is_what_the_message_says_now(store: SqlStore) -> None:
    message = await store.write(lambda work: a_message(work, text="lampu merah"))
    assert await said(store, "merah") == ["lampu merah"]

    await store.write(lambda work: work.messages.set_text(message.id, "lampu kuning", NOON))
    assert await said(store, "merah") == []
    assert await said(store, "kuning") == ["lampu kuning"]

    await store.write(lambda work: work.messages.append_text(message.id, "juga hijau"))
    assert await said(store, "hijau kuning") == ["lampu kuning\njuga hijau"]

    await store.write(lambda work: work.messages.set_withdrawn(message.id, NOON))
    assert await said(store, "hijau") == []


async def test_a_story_that_is_undone_leaves_nothing_to_find(store: SqlStore) -> None:
    def fails(work: Work) -> None:
        a_message(work, text="rahasia yang batal")
        raise Invalid("batal")

    with pytest.raises(Invalid):
        await store.write(fails)

    assert await said(store, "rahasia") == []


async def test_a_citizen_is_found_by_the_new_name_and_not_by_the_old(store: SqlStore) -> None:
    def renamed(work: Work) -> None:
        work.contacts.meet("wa-humas", Channel.WHATSAPP, an_author("w1", name="Nama Baru"), NOON)

    first = await store.write(lambda work: a_conversation(work, contact=a_contact(work, id="w1", name="Nama Lama")))
    await store.write(renamed)

    assert await ids(store, words("lama")) == []
    assert await ids(store, words("baru")) == [first.id]


@pytest.mark.parametrize("how", ["UPDATE messages SET text = '' WHERE id = :id", "DELETE FROM messages WHERE id = :id"])
async def test_whoever_erases_a_text_has_erased_it_from_the_index(store: SqlStore, how: str) -> None:
    message = await store.write(lambda work: a_message(work, text="nama ibu saya Melati"))
    assert await said(store, "melati") != []

    def erase(work: Any) -> list[int]:
        work.connection.execute(sa.text(how), {"id": message.id})
        return list(work.connection.execute(sa.text("SELECT message_id FROM search_words")).scalars())

    assert message.id not in await store.write(erase)
    assert await said(store, "melati") == []


async def test_an_erased_contact_is_called_by_nothing_any_more(store: SqlStore) -> None:
    first = await store.write(lambda work: a_conversation(work, contact=a_contact(work, name="Melati")))
    erase = sa.text("UPDATE contacts SET name = NULL, name_key = NULL WHERE id = :id")
    await store.write(lambda work: work.connection.execute(erase, {"id": first.contact_id}))  # type: ignore[attr-defined]

    assert await ids(store, words("melati")) == []


async def test_of_an_identity_number_only_the_tail_is_kept(store: SqlStore) -> None:
    await store.write(lambda work: a_message(work, text="NIK saya 6408 0101 0101 0009, hp 0812-5550-1234"))

    assert len(await said(store, "0009")) == 1
    assert len(await said(store, "6408010101010009")) == 1
    assert await said(store, "6408") == []
    assert len(await ids(store, Sought(tails=("0009",)))) == 1
    assert len(await said(store, "1234")) == 1
    assert len(await said(store, "+6281255501234")) == 1


async def test_every_filter_narrows(store: SqlStore) -> None:
    def story(work: Work) -> dict[str, int]:
        sari = a_staff(work, name="Sari")
        made = {
            "plain": a_conversation(work),
            "mine": a_conversation(work, channel=Channel.TELEGRAM, account="tg", assignee_id=sari.id),
            "done": a_conversation(work, state=ConversationState.RESOLVED, unit="pupr", kind="complaint", topic="pju"),
            "public": a_conversation(work, surface=Surface.PUBLIC, queue="ppid", unread=2, urgent=True),
            "failed": a_conversation(work, failed=1, state=ConversationState.WAITING),
        }
        for name, one in made.items():
            a_message(work, conversation=one, text=f"lampu {name}", at=NOON - timedelta(days=len(name)))
        case = a_case(work, conversation=made["done"])
        work.cases.save(case, replace(case, desa="64.08.01.2001"))
        letter = a_message(work, conversation=made["mine"], text="lampu terlampir")
        work.messages.add_files(letter.id, [Attachment(media_type="image/png", name=None)])
        return {name: one.id for name, one in made.items()} | {"sari": sari.id}

    at = await store.write(story)
    number = "lapor-2026-000001"
    for sought, names in (
        ({"channels": ("telegram",)}, {"mine"}), ({"accounts": ("tg",)}, {"mine"}), ({"staff": (at["sari"],)}, {"mine"}),
        ({"nobody": True, "surfaces": ("public",)}, {"public"}), ({"units": ("pupr",)}, {"done"}),
        ({"kinds": ("complaint", "other")}, {"done"}), ({"topics": ("pju",)}, {"done"}), ({"queues": ("ppid",)}, {"public"}),
        ({"standings": (Standing.RESOLVED,)}, {"done"}), ({"standings": (Standing.WAITING,)}, {"failed"}),
        ({"standings": (Standing.FAILED, Standing.UNREAD)}, {"failed", "public"}), ({"numbers": (number,)}, {"done"}),
        ({"standings": (Standing.URGENT,)}, {"public"}), ({"places": ("64.08.01.2001",)}, {"done"}),
        ({"files": True}, {"mine"}), ({"until": NOON - timedelta(days=5, hours=1)}, {"public", "failed"}),
        ({"since": NOON - timedelta(days=4, hours=1), "files": False}, {"mine", "done"}),
    ):  # fmt: skip
        wanted = {at[name] for name in names}
        assert {hit.row.id for hit in await found(store, words("lampu", **sought)) if hit.passages} == wanted, sought
        if not {"since", "until"} & set(sought):
            assert set(await ids(store, Sought(**sought))) == wanted, sought


async def test_nobody_finds_what_they_may_not_read(store: SqlStore) -> None:
    def story(work: Work) -> tuple[int, int]:
        ours, theirs = a_conversation(work, unit="dishub"), a_conversation(work, unit="pupr", queue="ppid")
        for one in (ours, theirs):
            a_message(work, conversation=one, text="lampu mati")
        return ours.id, theirs.id

    ours, theirs = await store.write(story)
    hidden = Scope(hidden=frozenset({Queue.PPID}))

    for sought in (words("lampu"), words("warga"), Sought(channels=("whatsapp",), standings=(Standing.NEW,))):
        assert set(await ids(store, sought)) == {ours, theirs}
        assert await ids(store, sought, Scope(unit="dishub")) == [ours]
        assert await ids(store, sought, hidden) == [ours]
        assert await ids(store, sought, Scope(unit="-")) == []


async def test_what_lies_aside_is_found_by_its_name_or_when_asked_for(store: SqlStore) -> None:
    def story(work: Work) -> int:
        one = a_conversation(work, contact=a_contact(work, name="Toko Untung"), aside="spam")
        a_message(work, conversation=one, text="pinjaman cepat")
        return one.id

    aside = await store.write(story)

    assert await ids(store, words("pinjaman")) == []
    assert await ids(store, words("untung")) == [aside]
    assert await ids(store, words("pinjaman", standings=(Standing.ASIDE,))) == [aside]


async def test_a_secret_report_says_that_it_is_one(store: SqlStore) -> None:
    def story(work: Work) -> None:
        case = a_case(work)
        work.cases.save(case, replace(case, secret=True))
        a_case(work)

    await store.write(story)

    assert [hit.secret for hit in await found(store, words("lampu"))] == [False, True]


@pytest.mark.parametrize("sought", [words("lampu"), words("warga"), Sought(standings=(Standing.NEW,)), words("lam")])
async def test_pages_walk_everything_once(store: SqlStore, sought: Sought, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "CHUNKS", (4, 5))

    def story(work: Work) -> list[int]:
        made = [a_message(work, text=f"lampu {n}", at=NOON + MINUTE * n) for n in range(17)]
        return [one.conversation_id for one in made]

    made = await store.write(story)
    hits = await found(store, sought, limit=3)

    assert [hit.row.id for hit in hits] == sorted(made, reverse=True)


async def test_a_search_that_gives_up_says_that_there_may_be_more(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "CHUNKS", (4,))
    monkeypatch.setattr(searching, "MOST", 8)

    def story(work: Work) -> None:
        wanted = a_conversation(work, channel=Channel.TELEGRAM)
        a_message(work, conversation=wanted, text="lampu yang dicari")
        thread = a_conversation(work)
        for _ in range(20):
            a_message(work, conversation=thread)

    await store.write(story)
    sought = words("lampu", channels=("telegram",))
    first = await store.read(lambda work: work.search.find(sought, EVERYBODY, limit=3))

    assert first.rows == ()
    assert first.after is not None
    assert await said(store, "lampu", channels=("telegram",)) == ["lampu yang dicari"]


@pytest.mark.parametrize("near", [1, 4, 11, 50])
async def test_a_word_is_found_near_and_far(store: SqlStore, near: int) -> None:
    """PostgreSQL looks among the newest rows first, then in its index; wherever the border lies, the ids are the same."""

    def story(work: Work) -> list[int]:
        thread = a_conversation(work)
        texts = ["lampu" if n in (0, 1, 3, 7, 13, 14, 18) else "jalan" for n in range(20)]
        return [a_message(work, conversation=thread, text=text).id for text in texts]

    made = await store.write(story)
    lamps = [made[n] for n in (18, 14, 13, 7, 3, 1, 0)]

    def question(work: Any) -> list[list[int]]:
        statement = finding.ids_statement(work.dialect, search_words, near=near)
        match = finding.asking(work.dialect, words("lampu").pieces, begun=False)
        return [
            list(work.run(statement, {"p_match": match, "p_below": below, "p_limit": limit}).scalars())
            for below in (made[19] + 1, made[18], made[8], made[0])
            for limit in (1, 3, 7, 20)
        ]

    found = await store.read(question)

    expected = [
        [id_ for id_ in lamps if id_ < below][:limit]
        for below in (made[19] + 1, made[18], made[8], made[0])
        for limit in (1, 3, 7, 20)
    ]
    assert found == expected


@pytest.mark.parametrize("after", ["x", "....", "MQ", "OS45Ljk", "ÿ"])
async def test_a_foreign_cursor_is_refused_kindly(store: SqlStore, after: str) -> None:
    with pytest.raises(Invalid):
        await store.read(lambda work: work.search.find(words("lampu"), EVERYBODY, after=after))


async def test_the_migration_finds_what_was_there_before_it(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 2)
    await store.write(lambda work: [a_message(work, text=f"lampu {n}") for n in range(5)])

    def empty(work: Any) -> None:
        for table in ("search_words", "search_cards"):
            work.connection.execute(sa.text(f"DELETE FROM {table}"))

    await store.write(empty)
    assert await ids(store, words("lampu")) == []
    await store.write(lambda work: indexing.fill(work.connection))  # type: ignore[attr-defined]

    assert len(await ids(store, words("lampu"))) == len(await ids(store, words("warga"))) == 5


async def test_a_saved_search_is_its_owners_alone(store: SqlStore) -> None:
    sari, budi = await store.write(lambda work: (a_staff(work).id, a_staff(work).id))
    first = await store.write(lambda work: work.search.save(sari, "Lampu", "lampu", NOON))
    again = await store.write(lambda work: work.search.save(sari, "Lampu", "lampu kanal:wa", NOON))

    assert first == again
    assert [(one.name, one.query) for one in await store.read(lambda work: work.search.saved(sari))] == [
        ("Lampu", "lampu kanal:wa")
    ]
    assert await store.read(lambda work: work.search.saved(budi)) == []
    assert await store.write(lambda work: work.search.drop(budi, first)) is None
    assert (await store.write(lambda work: work.search.drop(sari, first))) is not None
    assert await store.read(lambda work: work.search.saved(sari)) == []


def test_ids_that_are_listed_are_looked_up_and_not_looked_for(sqlite_url: str) -> None:
    # Spelt `id IN (…) = 1`, SQLite walked all conversations for each page of a search.
    engine = sa.create_engine(sqlite_url)
    said: list[Any] = []
    with engine.connect() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *told: said.append(told[2:4]))
        for statement in (SECRET_OF, WHOLE_OF, NAMES, SAID):
            connection.execute(statement, {"p_ids": [1, 2]})
            text, values = said[-1]
            plan = " ".join(str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values))
            assert "SCAN" not in plan, plan
    engine.dispose()
