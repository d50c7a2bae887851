"""Sheets and reports for the tests of LAPOR."""

from typing import Any

from omnichannel.domain.case import Case
from omnichannel.domain.message import Author
from tests.desk import a_verdict
from tests.router.conftest import Judge, Write

SARI = Author(id="warga-1", name="Sari Wulandari", handle="sariwulan", phone="+6281234567890", address="sari@contoh.id")


async def a_report(write: Write, judge: Judge, text: str = "Lampu jalan mati di Sangatta Utara", **facts: Any) -> Case:
    topic = str(facts.pop("topic", "pju"))
    made = await judge(await write(text, author=SARI, **facts), a_verdict(topic=topic))
    assert made is not None
    return made
