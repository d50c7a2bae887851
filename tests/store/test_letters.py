"""Letters keep their numbers one after another, on both databases, whoever asks at the same time."""

import asyncio

from omnichannel.domain.case import Kind, Queue
from omnichannel.domain.errors import Invalid
from omnichannel.domain.letter import SERIES, Handing, LetterKind, Release
from omnichannel.domain.objection import SERIES as OBJECTIONS
from omnichannel.domain.work import Work
from omnichannel.router import letters
from omnichannel.store.database import SqlStore
from tests.build import CITIZEN, NOON, a_case
from tests.desk import a_desk

AT_ONCE = 50
SHA = "ab" * 32


def test_their_series_is_nobody_elses() -> None:
    assert SERIES not in {*Queue, OBJECTIONS}


async def test_fifty_at_once_use_no_number_twice_and_skip_none(store: SqlStore) -> None:
    """Every fifth story fails after it drew its number: the number goes back with it."""
    desk = a_desk()
    case = await store.write(lambda work: a_case(work, kind=Kind.INFORMATION_REQUEST))

    def story(work: Work, which: int) -> str:
        kept, _ = letters.make(work, desk, lambda _: b"%PDF", case.id, LetterKind.RECEIPT, CITIZEN, now=NOON)
        if which % 5 == 0:
            raise Invalid("batal")
        return kept.number

    answers = await asyncio.gather(
        *(store.write(lambda work, which=which: story(work, which)) for which in range(AT_ONCE)),  # type: ignore[misc]
        return_exceptions=True,
    )

    numbers = [one for one in answers if isinstance(one, str)]
    assert sorted(int(one[:3]) for one in numbers) == list(range(1, AT_ONCE - 10 + 1))
    kept = await store.read(lambda work: work.letters.of_case(case.id))
    assert sorted(one.number for one in kept) == sorted(numbers)


async def test_what_is_kept_comes_back(store: SqlStore) -> None:
    def story(work: Work) -> None:
        case = a_case(work, kind=Kind.INFORMATION_REQUEST)
        release = work.letters.add_release(
            Release(
                id=0, case_id=case.id, name="a.pdf", original=SHA, sha256="cd" * 32, size=9, pages=2, regions=3,
                reason="rahasia pribadi", made_by="Petugas", made_at=NOON,
            )
        )  # fmt: skip
        handing = work.letters.add_handing(
            Handing(
                id=0,
                case_id=case.id,
                name="a.pdf",
                sha256=SHA,
                size=9,
                at=NOON,
                by="Petugas",
                token_hash="x",
                until=NOON,
            )
        )
        assert work.letters.release(release.id) == release
        assert work.letters.releases(case.id) == [release]
        assert work.letters.handing("x") == handing
        assert work.letters.opened(handing.id, NOON)
        assert not work.letters.opened(handing.id, NOON)

    await store.write(story)
