"""The history's sentences in both languages: ours are translated, what a person wrote is not."""

import pytest

from omnichannel.domain.organisation import Level, Organisation, Unit
from omnichannel.domain.outbox import SAID_HERE
from omnichannel.domain.work import MACHINE, Happening
from omnichannel.router.tell import IN_PUBLIC, JUST_SAID
from omnichannel.web.history import lines
from tests.web.test_wording import NOW, written

OFFICE = Organisation([Unit("u", "Kabupaten", Level.KABUPATEN, code="1")])


def told(verb: str, why: str, lang: str, *, after: str | None = None) -> str:
    row = Happening(1, NOW, "machine", MACHINE.name, "case", 1, verb, after=after, why=why)
    return lines([row], written(lang), OFFICE)[0].words


@pytest.mark.parametrize(
    "why",
    [
        SAID_HERE,
        JUST_SAID,
        IN_PUBLIC,
        "Sudah 6 kabar otomatis dalam satu jam.",
        "Jendela 24 jam sudah tertutup. Kirim templat, atau tunggu warga menulis lagi.",
        "Jendela balas sudah tertutup untuk kabar otomatis; petugas masih dapat menjawab.",
    ],
)
def test_why_a_notice_was_withheld_is_said_in_the_readers_language(why: str) -> None:
    said = told("notice_withheld", why, "en")

    assert said.startswith("Automatic notice withheld: ")
    assert why not in said
    assert told("notice_withheld", why, "id").endswith(why)


def test_a_failed_sending_says_in_english_why() -> None:
    said = told("failed", "Jendela balas di Meta sudah tertutup. Tunggu warga menulis lagi.", "en")

    assert said == "Sending failed: Meta's reply window has shut. Wait until the citizen writes again."


def test_the_machine_and_working_days_have_english_names() -> None:
    assert told("case_opened", "", "en", after="LAP-2026-000001") == "Number LAP-2026-000001 given by System"
    assert "0 working days left" in told("near_due", "0 hari kerja", "en", after="2026-12-17")


def test_what_a_person_wrote_stays_as_it_is() -> None:
    assert "Jendela balas sudah tertutup." in told("case_reopened", "Jendela balas sudah tertutup.", "en")
