"""Who and what stands at the desk of tests/web/afternoon: office, units, accounts, a clock set by hand, a verdict to order."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from omnichannel.connectors.sandbox import SandboxConnector
from omnichannel.domain.case import Kind, Queue
from omnichannel.domain.channel import Capabilities, Channel, Late, Surface
from omnichannel.domain.geography import Landmark
from omnichannel.domain.length import Count
from omnichannel.domain.message import Location
from omnichannel.domain.office import Account, CannedReply, Office, RoutingMode, Secret
from omnichannel.domain.organisation import Level, Unit
from omnichannel.domain.verdict import Place, Reason, Verdict

WITA = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 12, 17, 6, 5, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
FIRST_WORDS = "Lampu jalan di Gang Mawar, Teluk Lingga mati sudah tiga malam. Gelap sekali, mohon diperbaiki."

DAY = timedelta(hours=24)
CAN: Mapping[Channel, Mapping[Surface, Capabilities]] = {
    Channel.WHATSAPP: {Surface.DIRECT: Capabilities(text_limit=4096, window=DAY, late=Late.TEMPLATE, receipts=True)},
    Channel.FACEBOOK: {
        Surface.DIRECT: Capabilities(
            text_limit=2000, window=DAY, late=Late.HUMAN_TAG, late_window=7 * DAY, receipts=True
        ),
        Surface.PUBLIC: Capabilities(
            text_limit=8000,
            private_reply=True,
            hide=True,
            private=Capabilities(text_limit=2000, window=DAY, late=Late.HUMAN_TAG, late_window=7 * DAY),
            private_window=7 * DAY,
        ),
    },
    Channel.INSTAGRAM: {
        Surface.DIRECT: Capabilities(text_limit=1000, window=DAY, late=Late.REFUSED),
        Surface.PUBLIC: Capabilities(text_limit=2200, private_reply=True, hide=True),
    },
    Channel.TELEGRAM: {Surface.DIRECT: Capabilities(text_limit=4096, edit=True, attachment_limit=50 * 1024 * 1024)},
    Channel.X: {
        Surface.DIRECT: Capabilities(text_limit=10000),
        Surface.PUBLIC: Capabilities(text_limit=280, counts=Count.WEIGHT),
    },
    Channel.MAIL: {Surface.DIRECT: Capabilities(text_limit=1_000_000, subject=True, history=True)},
}
ACCOUNTS = {
    "wa-layanan": Channel.WHATSAPP,
    "fb-pemkab": Channel.FACEBOOK,
    "ig-pemkab": Channel.INSTAGRAM,
    "tg-humas": Channel.TELEGRAM,
    "x-kutim": Channel.X,
    "surel-layanan": Channel.MAIL,
}
UNITS = (
    Unit("kutim", "Kabupaten Kutai Timur", Level.KABUPATEN, code="64.08"),
    Unit("dishub", "Dinas Perhubungan", Level.OPD, "kutim", aliases=("Dishub",)),
    Unit("pupr", "Dinas Pekerjaan Umum dan Penataan Ruang", Level.OPD, "kutim", aliases=("PUPR",)),
    Unit(
        "diskominfo",
        "Dinas Komunikasi dan Informatika, Statistik dan Persandian",
        Level.OPD,
        "kutim",
        aliases=("Kominfo",),
    ),
    Unit("bpkad", "Badan Pengelola Keuangan dan Aset Daerah", Level.OPD, "kutim", aliases=("BPKAD",)),
    Unit("inspektorat", "Inspektorat", Level.OPD, "kutim"),
    Unit("sangatta-utara", "Sangatta Utara", Level.KECAMATAN, "kutim", code="64.08.04"),
    Unit("teluk-lingga", "Teluk Lingga", Level.KELURAHAN, "sangatta-utara", code="64.08.04.1001"),
)
PLACES = (
    Landmark("Sangatta", Location(0.5049, 117.5279), "GeoNames"),
    Landmark("Teluk Lingga", Location(0.5607, 117.5245), "tengah wilayah", unit="sangatta-utara", middle=True),
)


class SetClock:
    """Time that stands where the story has put it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, duration: timedelta) -> None:
        self.moment += duration


class Line(SandboxConnector):
    """The sandbox's wire format under another channel's name and limits."""

    def __init__(self, name: str, channel: Channel) -> None:
        super().__init__(Account(name, channel, secrets={"SECRET": Secret("rahasia-uji")}))
        self.channel = channel
        self.surfaces = CAN[channel]


class Sure:
    """A classifier that is never asked to be clever: a page shows what it answers."""

    def classify(self, text: str, *, channel: str | None = None) -> Verdict:
        return a_verdict(Kind.OTHER, 0.48, topic="kesehatan", unit=None, cues=("nomor pendaftaran",), doubt=True)


def a_verdict(
    kind: Kind,
    sure: float,
    *,
    topic: str,
    unit: str | None,
    cues: tuple[str, ...] = (),
    doubt: bool = False,
    urgent: bool = False,
    place: Place | None = None,
) -> Verdict:
    others = [one for one in Kind if one is not kind]
    p = {kind: sure} | {one: (1 - sure) / len(others) for one in others}
    return Verdict(
        kind=kind,
        p=p,
        second_kind=None,
        needs_person=doubt,
        topic=topic,
        topics=((topic, 0.8),),
        unit=unit or "diskominfo",
        units=((unit or "diskominfo", 0.8),),
        place=place,
        urgent=urgent,
        reasons=tuple(Reason(cue, 2.0 - n / 10, kind.value, 0, len(cue)) for n, cue in enumerate(cues)),
    )


def an_office() -> Office:
    words = tomllib.loads((Path(__file__).parents[2] / "config" / "replies.toml").read_text(encoding="utf-8"))
    return Office(
        name="Pemerintah Kabupaten Kutai Timur",
        region="Kabupaten Kutai Timur",
        short="Kutai Timur",
        zone=WITA,
        zone_name="WITA",
        public_url="",
        accent_hue=248,
        desk_unit="diskominfo",
        routing_mode=RoutingMode.THRESHOLD,
        sure=0.8,
        lapor_way="sheet",
        lapor_consent="notice",
        patterns={
            Queue.PPID: "PPID-{year}-{n:06d}",
            Queue.LAPOR: "LAP-{year}-{n:06d}",
            Queue.HUMAS: "HUM-{year}-{n:06d}",
        },
        alarm_contacts=(),
        alarm_repeat_minutes=5,
        replies=tuple(CannedReply(one["key"], one["title"], one["text"]) for one in words["reply"]),
        notices=words["notice"],
        session_hours=12,
    )
