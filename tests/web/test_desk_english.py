"""The switch to English leaves no Indonesian behind on the desk's own words."""

import re
import tomllib
from collections.abc import AsyncIterator
from importlib import resources

import pytest

from tests.web.afternoon import Afternoon, an_afternoon

# Words of the law and of citizens stay as they are; so do sentences that config or the ladder's law carries.
KEPT = {
    "Humas",
    "Administrator",
    "Status",
    "Unit",
    "PPID",
    "X",
    "Telegram",
    "WhatsApp",
    "Facebook",
    "Instagram",
    "Tracking ID",
    "Lampu jalan",  # a citizen says it too
}


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk")) as found:
        yield found


def indonesian() -> list[str]:
    """Our own sentences of at least two words, up to their first field."""
    words = tomllib.loads(resources.files("omnichannel.web").joinpath("words", "desk.toml").read_text(encoding="utf-8"))
    said = {re.split(r"[{]", text)[0].strip() for text, english in words.items() if text != english}
    return sorted(text for text in said - KEPT if len(text.split()) > 1)


async def test_no_page_mixes_languages(desk: Afternoon) -> None:
    case = (await desk.read(lambda work: work.cases.of_conversation(desk.talks["Warga M"])))[0].number
    report = (await desk.read(lambda work: work.cases.of_conversation(desk.talks["Warga S"])))[0].number
    pages = [
        "/kotak/perlu-dibaca",
        f"/kotak/semua/{desk.talks['Warga A']}",
        f"/kotak/semua/{desk.talks['@warga_e']}",
        "/ppid",
        "/lapor",
        f"/lapor/{report}",
        f"/kasus/{case}",
        "/kelola/kanal",
        "/saya",
        "/kotak/gagal-kirim?cari=zzz",
    ]
    async with desk.visitor("admin", lang="en") as admin:
        for page in pages:
            seen = await admin.get(page)
            # What citizens wrote and what the machine sent them in Indonesian is theirs, not the screen's.
            words = re.sub(
                r'<(div|p|blockquote)[^>]*class="[^"]*\bwords\b[^"]*".*?</\1>|<p class="law">.*?</p>',
                "",
                seen.html,
                flags=re.DOTALL,
            )
            left = [text for text in indonesian() if re.search(rf"[>\"\s]{re.escape(text)}", words)]

            assert seen.status == 200
            assert left == [], page
            assert '<html lang="en"' in seen.html
