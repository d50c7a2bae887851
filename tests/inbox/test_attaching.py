"""Files that go with an answer: they leave with its last words, once, and only where the surface takes them."""

from datetime import timedelta

import pytest

from omnichannel.connectors.facebook import DIRECT as MESSENGER
from omnichannel.connectors.facebook import PUBLIC as COMMENTS
from omnichannel.connectors.instagram import DIRECT as INSTAGRAM
from omnichannel.connectors.whatsapp.sending import CAN as WHATSAPP
from omnichannel.connectors.x.sending import DIRECT as X_DIRECT
from omnichannel.connectors.x.sending import PUBLIC as X_PUBLIC
from omnichannel.domain.attaching import MEGABYTE, check, largest
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Refused
from omnichannel.domain.message import Attachment
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import deliver
from omnichannel.inbox.reply import reply
from omnichannel.store.database import SqlStore
from tests.build import NOON
from tests.inbox.answers import a_talk, claimed

TAKES = Capabilities(text_limit=40, several=True, attachment_limit=5 * MEGABYTE)
LETTER = Attachment("application/pdf", name="surat.pdf", size=900, sha256="a" * 64)


def sized(media_type: str, size: int = 1000) -> Attachment:
    return Attachment(media_type, name="berkas", size=size, sha256="b" * 64)


async def test_the_files_leave_with_the_last_words(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)
    text = "Kalimat pertama yang panjang sekali. Kalimat kedua yang panjang."

    def story(work: Work) -> Message:
        return reply(work, staff, conversation.id, text, key="k-9", capabilities=TAKES, now=NOON, files=[LETTER])

    for _ in range(2):  # a double click
        await quick_store.write(story)

    left = []
    for job in await claimed(quick_store, NOON + timedelta(hours=1)):
        begun = await quick_store.write(lambda work, job=job: deliver.begin(work, job, NOON))  # type: ignore[misc]
        assert begun is not None
        left.append((begun[0].text, [one.name for one in begun[1]]))
    assert left == [("Kalimat pertama yang panjang sekali.", []), ("Kalimat kedua yang panjang.", ["surat.pdf"])]


async def test_a_file_alone_is_an_answer_and_the_list_names_it(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)

    made = await quick_store.write(
        lambda work: reply(work, staff, conversation.id, " ", key="k-9", capabilities=TAKES, now=NOON, files=[LETTER])
    )

    found = await quick_store.read(lambda work: work.conversations.get(conversation.id))
    assert (made.text, found and found.preview) == ("", "surat.pdf")


async def test_what_the_surface_does_not_take_leaves_nothing_behind(quick_store: SqlStore) -> None:
    staff, conversation = await a_talk(quick_store)
    able = Capabilities(text_limit=40)

    with pytest.raises(Refused, match="pesan langsung"):
        await quick_store.write(
            lambda work: reply(work, staff, conversation.id, "a", key="k", capabilities=able, now=NOON, files=[LETTER])
        )

    assert await claimed(quick_store) == []


@pytest.mark.parametrize(
    ("can", "files", "fits"),
    [
        (WHATSAPP, [sized("image/jpeg", 5 * MEGABYTE)], True),
        (WHATSAPP, [sized("image/jpeg", 5 * MEGABYTE + 1)], False),
        (WHATSAPP, [sized("image/heic", 6 * MEGABYTE)], True),  # it goes as a document
        (WHATSAPP, [sized("application/pdf", 90 * MEGABYTE)], True),
        (MESSENGER, [sized("application/pdf")] * 10, True),
        (MESSENGER, [sized("application/pdf")] * 11, False),
        (MESSENGER, [sized("video/mp4", 26 * MEGABYTE)], False),
        (COMMENTS, [sized("image/png")], False),
        (INSTAGRAM, [sized("application/pdf")], True),
        (INSTAGRAM, [sized("application/vnd.openxmlformats-officedocument.wordprocessingml.document")], False),
        (INSTAGRAM, [sized("image/png", 9 * MEGABYTE)], False),
        (X_PUBLIC, [sized("image/png")] * 4, True),
        (X_PUBLIC, [sized("image/png")] * 5, False),
        (X_PUBLIC, [sized("image/png"), sized("video/mp4")], False),
        (X_PUBLIC, [sized("video/mp4; codecs=avc1")], True),
        (X_PUBLIC, [sized("application/pdf")], False),
        (X_DIRECT, [sized("image/png")] * 2, False),
        (TAKES, [sized("image/png", 0)], False),
    ],
)
def test_each_surface_has_its_own_limits(can: Capabilities, files: list[Attachment], fits: bool) -> None:
    if fits:
        check(can, files)
        return
    with pytest.raises(Refused):
        check(can, files)


def test_a_kind_without_a_limit_of_its_own_has_its_familys() -> None:
    assert largest(WHATSAPP, "Audio/OGG; codecs=opus") == 16 * MEGABYTE
    assert largest(COMMENTS, "image/png") == 0
