"""Events for the tests of the inbox."""

from datetime import timedelta

from omnichannel.domain.message import Attachment, Author, Event
from omnichannel.domain.work import Job
from omnichannel.store.database import SqlStore
from tests.build import NOON, an_incoming

MINUTE = timedelta(minutes=1)


STRANGER = Author(id="orang-lain", name="Orang Lain")


async def jobs(store: SqlStore, queue: str, at=NOON) -> list[Job]:
    return await store.write(lambda work: work.jobs.claim(queue, "uji", at, timedelta(seconds=1), 100))


def parts_of(album: str, count: int, caption_at: int | None = None) -> list[Event]:
    return [
        an_incoming(
            "Jalan rusak parah" if number == caption_at else "",
            album=album,
            attachments=(Attachment("image/jpeg", name=f"{number}.jpg", id=f"f{number}"),),
        )
        for number in range(count)
    ]
