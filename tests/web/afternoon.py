"""One afternoon at the desk: Thursday 17 Des 2026, 14.05 WITA, told through the real stories into the real store.

Tests and pictures share it. Every kind of row, bubble and clock that the desk can show stands in it once.
"""

import html
import json
import re
import secrets
import tomllib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

from omnichannel.connectors.lapor import SheetForwarder
from omnichannel.connectors.sandbox import SandboxConnector
from omnichannel.domain.case import Kind, Queue
from omnichannel.domain.channel import Capabilities, Channel, Health, Late, Surface
from omnichannel.domain.house import House
from omnichannel.domain.message import Attachment, Delivery
from omnichannel.domain.office import Account, CannedReply, Office, RoutingMode, Secret
from omnichannel.domain.organisation import Level, Organisation, Unit
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.ports import Raw
from omnichannel.domain.verdict import Area, Place, Reason, Verdict
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import reply, triage
from omnichannel.inbox.receive import Intake
from omnichannel.router import lapor, route
from omnichannel.settings.load import load_legal_clocks
from omnichannel.settings.source import Source
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import open_store
from omnichannel.store.files import DiskFiles
from omnichannel.web import guard, server

T = TypeVar("T")
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
        Surface.PUBLIC: Capabilities(text_limit=8000, private_reply=True, hide=True),
    },
    Channel.INSTAGRAM: {
        Surface.DIRECT: Capabilities(text_limit=1000, window=DAY, late=Late.REFUSED),
        Surface.PUBLIC: Capabilities(text_limit=2200, private_reply=True, hide=True),
    },
    Channel.TELEGRAM: {Surface.DIRECT: Capabilities(text_limit=4096, edit=True)},
    Channel.X: {Surface.DIRECT: Capabilities(text_limit=10000), Surface.PUBLIC: Capabilities(text_limit=280)},
    Channel.MAIL: {Surface.DIRECT: Capabilities(text_limit=1_000_000, subject=True)},
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


@dataclass
class Seen:
    """An answer that has been read: status, where it ended, its HTML and its bare words."""

    status: int
    path: str
    html: str

    @property
    def words(self) -> str:
        bare = re.sub(r"<(script|style).*?</\\1>", "", self.html, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


class Visitor:
    """Reads pages and sends their forms as a browser without script does."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def get(self, path: str, **headers: str) -> Seen:
        async with self._session.get(path, headers=headers) as answer:
            return Seen(answer.status, answer.url.path_qs, await answer.text())

    async def post(
        self, path: str, fields: Mapping[str, str] | None = None, follow: bool = True, **headers: str
    ) -> Seen:
        """With a token, as a page of ours would send it."""
        async with self._session.get("/sesi") as answer:
            token = (await answer.json())["csrf"] if answer.status == 200 else ""
        body = {"csrf": token} | dict(fields or {})
        async with self._session.post(path, data=body, headers=headers, allow_redirects=follow) as answer:
            return Seen(answer.status, answer.url.path_qs, await answer.text())


@dataclass
class Afternoon:
    """The house, the people in it, and what citizens have written."""

    house: House
    clock: SetClock
    address: str
    staff: dict[str, Staff]
    talks: dict[str, int]

    async def read(self, question: Callable[[Work], T]) -> T:
        return await self.house.store.read(question)

    async def write(self, story: Callable[[Work], T]) -> T:
        return await self.house.store.write(story)

    async def token(self, login: str) -> str:
        """A session, as a login would have made it."""
        token, now = secrets.token_urlsafe(32), self.clock.now()
        hashed = guard.token_hash(token)
        await self.write(
            lambda work: work.people.open_session(
                hashed, self.staff[login].id, secrets.token_urlsafe(32), now, now + timedelta(hours=12)
            )
        )
        return token

    @asynccontextmanager
    async def visitor(self, login: str | None, lang: str = "id") -> AsyncIterator[Visitor]:
        """Somebody's browser without script."""
        jar = CookieJar(unsafe=True)
        async with ClientSession(base_url=self.address, cookie_jar=jar) as session:
            if login is not None:
                await self.write(lambda work: work.people.set_lang(self.staff[login].id, lang))
                jar.update_cookies({guard.SESSION_COOKIE: await self.token(login)}, session._build_url("/"))
            yield Visitor(session)

    async def says(
        self,
        name: str,
        account: str,
        text: str,
        *,
        ago: timedelta = timedelta(0),
        public: bool = False,
        verdict: Verdict | None = None,
        **more: object,
    ) -> Message:
        """A citizen writes; the machine sorts it when a verdict is given. Time goes back to what it was."""
        back, self.clock.moment = self.clock.moment, self.clock.moment - ago
        thread = f"{name}-{'p' if public else 'd'}".replace(" ", "")
        item = {
            "type": "incoming",
            "id": secrets.token_hex(8),
            "thread": thread,
            "surface": "public" if public else "direct",
            "from": {"id": f"id-{name}", **_names(name)},
            "at": self.clock.now().isoformat().replace("+00:00", "Z"),
            "text": text,
            **more,
        }
        connector = self.house.connectors[account]
        body = json.dumps({"events": [item]}).encode()
        await Intake(self.house.store, self.house.files, self.clock).take_in(connector, [Raw(body)])
        message = await self.read(lambda work: work.messages.by_external(account, str(item["id"])))
        assert message is not None
        self.talks[name] = message.conversation_id
        if verdict is not None:
            now = self.clock.now()
            await self.write(lambda work: route.route(work, self.desk, message.id, verdict, now))
        self.clock.moment = back
        return message

    async def answers(
        self,
        login: str,
        name: str,
        text: str,
        delivery: Delivery,
        *,
        ago: timedelta = timedelta(0),
        error: str | None = None,
    ) -> Message:
        """An officer answers, and the channel has told what became of it."""
        moment, number = self.clock.now() - ago, self.talks[name]

        def story(work: Work) -> Message:
            conversation = work.conversations.get(number)
            assert conversation is not None
            able = self.house.capabilities(conversation.account, conversation.surface)
            message = reply.reply(
                work, self.staff[login], number, text, key=secrets.token_hex(8), capabilities=able, now=moment
            )
            work.messages.set_delivery(message.id, delivery, moment, error, external_id=f"x{message.id}")
            if delivery in (Delivery.FAILED, Delivery.UNSURE):
                now = work.conversations.get(number)
                assert now is not None
                work.conversations.save(now, replace(now, failed=now.failed + 1))
            return message

        return await self.write(story)

    async def attaches(self, message: Message, *parts: Attachment) -> None:
        await self.write(lambda work: work.messages.add_files(message.id, parts))

    def file(self, content: bytes, media_type: str, name: str | None) -> Attachment:
        """A file that already lies on the disk."""
        digest = self.house.files.keep(content)
        return Attachment(media_type=media_type, name=name, size=len(content), sha256=digest)

    @property
    def desk(self) -> route.Desk:
        return route.Desk(
            office=self.house.office,
            organisation=self.house.organisation,
            clocks=self.house.clocks,
            ability=self.house.capabilities,
        )


def _names(name: str) -> dict[str, str]:
    if name.startswith("@"):
        return {"handle": name[1:]}
    return {"phone": name} if name.startswith("+") else {"name": name}


@asynccontextmanager
async def an_afternoon(
    folder: Path, *, told: bool = True, extra: Callable[[web.Application], None] | None = None
) -> AsyncIterator[Afternoon]:
    """The desk on 127.0.0.1; `told` False leaves it empty, as on the first day."""
    clock, bell = SetClock(), LocalBell()
    store = open_store(f"sqlite:///{folder / 'desk.db'}", bell, clock)
    await store.open()
    await store.migrate()
    connectors = {name: Line(name, channel) for name, channel in ACCOUNTS.items()}
    house = House(
        office=an_office(),
        organisation=Organisation(UNITS),
        store=store,
        files=DiskFiles(folder / "files"),
        bell=bell,
        clock=clock,
        clocks=load_legal_clocks(Source.find(None, {})),
        classifier=Sure(),
        connectors=connectors,
        forwarder=SheetForwarder(),
    )
    served = TestServer(server.build(house, extra=extra))
    await served.start_server()
    desk = Afternoon(house, clock, str(served.make_url("/")).rstrip("/"), {}, {})
    try:
        await _hire(desk)
        if told:
            await _tell(desk)
        yield desk
    finally:
        await served.close()
        for connector in connectors.values():
            await connector.close()
        await store.close()
        await bell.close()


async def _hire(desk: Afternoon) -> None:
    people = (
        ("r", "Petugas R", Role.AGENT, None),
        ("s", "Petugas S", Role.AGENT, None),
        ("m", "Petugas M", Role.SUPERVISOR, None),
        ("ppid", "Petugas P", Role.PPID, None),
        ("lapor", "Petugas L", Role.LAPOR, None),
        ("unit", "Petugas U", Role.UNIT, "dishub"),
        ("admin", "Petugas A", Role.ADMINISTRATOR, None),
        ("auditor", "Petugas D", Role.AUDITOR, None),
    )
    for login, name, role, unit in people:
        desk.staff[login] = await desk.write(
            lambda work, a=login, b=name, c=role, d=unit: work.people.add(  # type: ignore[misc]
                login=a, name=b, role=c, unit=d, password_hash="!", at=NOW - timedelta(days=30)
            )
        )


async def _tell(desk: Afternoon) -> None:
    """The story of design/README: who wrote what, and where each stands at five past two."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    lights = a_verdict(
        Kind.COMPLAINT,
        0.92,
        topic="pju",
        unit="dishub",
        cues=("lampu jalan … mati", "gelap", "mohon diperbaiki"),
        place=Place(Area("64.08.04", "Sangatta Utara"), Area("64.08.04.1001", "Teluk Lingga")),
    )
    roads = a_verdict(Kind.COMPLAINT, 0.9, topic="jalan_jembatan", unit="pupr", cues=("jalan poros", "diperbaiki"))
    papers = a_verdict(Kind.INFORMATION_REQUEST, 0.96, topic="lainnya", unit="bpkad", cues=("salinan", "dokumen"))
    await _talk_with_a(desk, lights)
    await desk.says(
        "Warga C", "surel-layanan", "Mohon salinan notulen rapat pembebasan lahan.", ago=20 * day, verdict=papers
    )
    await desk.says("@warga_b", "x-kutim", "Mohon salinan ringkasan APBD 2026.", ago=14 * day, verdict=papers)
    await desk.says("@warga_b", "x-kutim", "Sudah ada kabar?", ago=1 * hour)
    await desk.says(
        "@warga_e",
        "ig-pemkab",
        "Jadi kapan jalan poros Kaubun diperbaiki, Min? Truk sudah tidak bisa lewat.",
        ago=38 * timedelta(minutes=1),
        public=True,
        verdict=roads,
    )
    await desk.says(
        "Warga F",
        "wa-layanan",
        "Kartu keluarga saya sudah selesai belum?",
        ago=3 * hour,
        verdict=a_verdict(Kind.OTHER, 0.9, topic="kependudukan", unit=None),
    )
    await desk.answers(
        "r",
        "Warga F",
        "Berkas kartu keluarga sudah selesai, silakan diambil di loket 3.",
        Delivery.FAILED,
        ago=26 * timedelta(minutes=1),
        error="Jendela 24 jam sudah tertutup.",
    )
    await desk.says(
        "Warga G",
        "tg-humas",
        "Air PDAM keruh lagi di Singa Gembara, sudah 3 hari",
        ago=6 * timedelta(minutes=1),
        verdict=a_verdict(Kind.COMPLAINT, 0.88, topic="air_bersih", unit="pupr", cues=("air … keruh",)),
    )
    await desk.says(
        "+628125550377",
        "wa-layanan",
        "Mau lapor ada pungutan waktu urus surat tanah",
        ago=1 * hour,
        verdict=a_verdict(Kind.COMPLAINT, 0.93, topic="pungli", unit="inspektorat", cues=("pungutan",)),
    )
    await desk.says(
        "@warga_i",
        "x-kutim",
        "Min, nomor pendaftaran RSUD berapa ya?",
        ago=5 * hour,
        verdict=a_verdict(Kind.OTHER, 0.48, topic="kesehatan", unit=None, doubt=True),
    )
    await desk.says(
        "Warga M",
        "surel-layanan",
        "Permohonan data jumlah siswa SD per kecamatan.",
        ago=5 * hour,
        subject="Permohonan data",
        verdict=a_verdict(
            Kind.INFORMATION_REQUEST, 0.61, topic="pendidikan", unit=None, cues=("permohonan data",), doubt=True
        ),
    )
    await desk.says("Warga N", "tg-humas", "Terima kasih, lampunya sudah menyala", ago=day)
    await desk.write(lambda work: triage.resolve(work, desk.staff["r"], desk.talks["Warga N"], now=NOW))
    await desk.says(
        "Warga K",
        "surel-layanan",
        "Usul jam buka perpustakaan sampai malam",
        ago=day,
        verdict=a_verdict(Kind.ASPIRATION, 0.91, topic="pendidikan", unit="diskominfo", cues=("usul",)),
    )
    await desk.write(lambda work: triage.snooze(work, desk.staff["r"], desk.talks["Warga K"], NOW + day, now=NOW))
    await desk.says(
        "Warga S", "tg-humas", "Jalan poros berlubang besar di dekat jembatan.", ago=25 * day, verdict=roads
    )
    await desk.says(
        "Warga T",
        "fb-pemkab",
        "Sampah menumpuk di belakang pasar induk",
        ago=3 * day,
        verdict=a_verdict(Kind.COMPLAINT, 0.9, topic="sampah_lingkungan", unit="pupr", cues=("sampah menumpuk",)),
    )
    await desk.write(
        lambda work: lapor.keyed_in(
            work,
            desk.staff["lapor"],
            _case(work, desk, "Warga T"),
            "10514471",
            "https://www.lapor.go.id/laporan/10514471",
            office=desk.house.office,
            capabilities=None,
            now=NOW - 2 * day,
        )
    )
    await desk.says("@warga_l", "ig-pemkab", "Stan UMKM di alun-alun masih bisa daftar?", ago=30 * hour)
    wrong = a_verdict(Kind.INFORMATION_REQUEST, 0.85, topic="lainnya", unit="bpkad")
    await desk.says("Warga V", "wa-layanan", "Halo min, selamat pagi", ago=day, verdict=wrong)
    await desk.write(
        lambda work: route.void(
            work, desk.staff["ppid"], _case(work, desk, "Warga V"), "Hanya salam, bukan permohonan informasi", now=NOW
        )
    )
    await desk.says(
        "Warga D",
        "wa-layanan",
        "Ada buaya di bawah jembatan Sangkima, anak-anak masih mandi di situ, tolong cepat",
        ago=2 * timedelta(minutes=1),
        verdict=a_verdict(
            Kind.COMPLAINT,
            0.9,
            topic="keamanan",
            unit=None,
            urgent=True,
            place=Place(Area("64.08.04", "Sangatta Utara"), None),
        ),
    )
    await _health(desk)


async def _talk_with_a(desk: Afternoon, verdict: Verdict) -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    await desk.says(
        "Warga A",
        "fb-pemkab",
        FIRST_WORDS,
        ago=3 * day - 5 * hour,
        verdict=verdict,
        quoted="Pemkab menulis: pemeliharaan lampu jalan 14–20 Des",
    )
    number = desk.talks["Warga A"]
    await desk.write(lambda work: triage.assign(work, desk.staff["r"], number, desk.staff["r"].id, now=NOW - 2 * day))
    await desk.write(
        lambda work: reply.note(
            work,
            desk.staff["r"],
            number,
            "Dishub: dua tiang di gang itu memang masuk daftar Rabu. Minta foto nomor tiang.",
            key="n1",
            now=NOW - 2 * day + timedelta(minutes=8),
        )
    )
    voice = await desk.says("Warga A", "fb-pemkab", "", ago=2 * hour)
    await desk.attaches(voice, desk.file(b"OggS" + bytes(2000), "audio/ogg", "pesan-suara.ogg"))
    photo = await desk.says(
        "Warga A",
        "fb-pemkab",
        "Ini fotonya, tiang ketiga dari masjid. Nomornya TL-0312.\nhttps://contoh.id/peta?a=1&b=2",
        ago=2 * hour - timedelta(minutes=1),
    )
    pictures = [desk.file(PIXEL, "image/png", f"tiang-{n}.png") for n in range(1, 6)]
    await desk.attaches(photo, *pictures, Attachment("application/pdf", name="denah-gang.pdf", size=245_000, id="f9"))
    await desk.says(
        "Warga A",
        "fb-pemkab",
        "Titiknya di sini",
        ago=2 * hour - timedelta(minutes=2),
        location={"lat": 0.51234, "lon": 117.53456},
    )
    await desk.answers(
        "r",
        "Warga A",
        "Terima kasih, nomornya jelas sekali. Sudah kami teruskan ke tim lapangan.",
        Delivery.READ,
        ago=hour,
    )
    await desk.answers(
        "r",
        "Warga A",
        "Berikut surat tugas tim yang akan datang.",
        Delivery.FAILED,
        ago=timedelta(minutes=11),
        error="Facebook menolak berkas di atas 25 MB.",
    )
    await desk.answers(
        "r",
        "Warga A",
        "Tim datang besok pukul 09.00 WITA.",
        Delivery.UNSURE,
        ago=timedelta(minutes=8),
        error="Facebook tidak menjawab dalam 30 detik.",
    )
    await desk.answers(
        "r", "Warga A", "Kami kabari lagi begitu lampunya menyala.", Delivery.QUEUED, ago=timedelta(minutes=1)
    )


async def _health(desk: Afternoon) -> None:
    def story(work: Work) -> None:
        for name in ACCOUNTS:
            work.accounts.set_health(name, Health.WELL, None, NOW, whoami=f"@{name}")
        work.accounts.set_health("x-kutim", Health.BROKEN, "401: token tidak berlaku lagi", NOW)
        work.accounts.set_health("tg-humas", Health.TROUBLED, "Telegram belum menjawab", NOW)
        entry = work.ledger.append("tg-humas", b"{", {}, NOW)
        work.ledger.quarantine(entry.id, 0, "tg-humas", "bukan JSON", NOW)

    await desk.write(story)


def _case(work: Work, desk: Afternoon, name: str) -> int:
    found = work.cases.of_conversation(desk.talks[name])
    return found[0].id
