"""Who came to the office, called or wrote a letter in the month before: written down by staff, answered by hand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from omnichannel.demo.cast import Cast
from omnichannel.demo.clock import At
from omnichannel.demo.plan import office_hours
from omnichannel.domain.case import Kind, Outcome
from omnichannel.domain.house import House
from omnichannel.domain.message import iso
from omnichannel.domain.ports import Raw
from omnichannel.domain.work import Actor, Work
from omnichannel.inbox import reply, triage
from omnichannel.inbox.receive import Intake
from omnichannel.router.conclude import conclude
from omnichannel.router.route import route
from omnichannel.workers.routing import desk as stories_of

WRITTEN_DOWN = timedelta(minutes=6)
ANSWERED = timedelta(minutes=9)


@dataclass(frozen=True, slots=True)
class Visit:
    """One record. `ago` is counted in days before the demo; without `answer` the desk still owes one."""

    ago: float
    way: str
    kind: Kind
    name: str
    text: str
    answer: str = ""
    phone: str | None = None
    address: str | None = None
    subject: str | None = None


VISITS = (
    Visit(
        27.3, "tatap-muka", Kind.INFORMATION_REQUEST, "Rusmini Patading",
        "Datang ke meja PPID, meminta salinan jadwal retribusi pasar induk tahun ini untuk kelompok pedagang sayur.",
        "Salinan jadwal retribusi diserahkan di meja PPID, satu lembar. Pemohon menandatangani tanda terima.",
        address="Jalan Kenyamukan, Sangatta Utara",
    ),
    Visit(
        23.1, "telepon", Kind.COMPLAINT, "Lambertus Ngau",
        "Menelepon: truk sampah tidak masuk ke Gang Ulin sejak Senin, tumpukan sudah sampai ke badan jalan.",
        "Sudah disampaikan lewat telepon: truk pengganti masuk besok pagi, jadwal kembali biasa pekan depan.",
        phone="+6281250001101",
    ),
    Visit(
        19.4, "surat", Kind.ASPIRATION, "Karang Taruna Gang Ulin",
        "Surat usulan: lapangan voli di belakang kantor desa diberi lampu agar dapat dipakai malam hari.",
        "Surat balasan dititipkan kepada kurir desa: usulan dicatat untuk musrenbang kecamatan.",
        subject="Usulan lampu lapangan voli",
    ),
    Visit(
        12.2, "telepon", Kind.COMPLAINT, "Suryati Anyeq",
        "Menelepon: air PDAM di Jalan Pendidikan keruh dan berbau sejak tiga hari, keran kedua tetangga juga begitu.",
        "Dijelaskan lewat telepon: pipa sedang dikuras, petugas memeriksa rumah penelepon siang ini.",
        phone="+6281250001102",
    ),
    Visit(
        8.3, "surat", Kind.INFORMATION_REQUEST, "Yohana Lawing",
        "Surat permohonan: rincian bantuan bibit karet di Kecamatan Bengalon tiga tahun terakhir, untuk bahan skripsi.",
        address="Desa Sepaso, Bengalon", subject="Permohonan informasi bantuan bibit karet",
    ),
    Visit(
        4.2, "tatap-muka", Kind.COMPLAINT, "Dominikus Apui",
        "Datang ke kantor: papan nama jalan di simpang tiga Kabo roboh, pengendara dari luar sering salah arah.",
        "Disampaikan langsung: Dinas Perhubungan memasang papan sementara lusa.",
    ),
    Visit(
        1.2, "telepon", Kind.COMPLAINT, "Ibu Nurhayati",
        "Menelepon: lampu penyeberangan di depan SD di Jalan Yos Sudarso berkedip terus, anak-anak sulit menyeberang.",
        phone="+6281250001103",
    ),
    Visit(
        0.6, "tatap-muka", Kind.ASPIRATION, "Paulus Ding",
        "Datang ke kantor: mengusulkan antrean khusus lansia di loket kependudukan setiap hari Rabu.",
    ),
)  # fmt: skip


class Counter:
    """What staff wrote down, in order of time among everything else of the month."""

    def __init__(self, house: House, cast: Cast, until: datetime, visits: Sequence[Visit] = VISITS) -> None:
        self._house = house
        self._cast = cast
        dated = [(_hour(house, until - timedelta(days=one.ago)), one) for one in visits]
        self._left = sorted(((at, one) for at, one in dated if at + ANSWERED < until), key=lambda pair: pair[0])

    async def until(self, moment: datetime) -> None:
        """Everything that was recorded before that moment."""
        while self._left and self._left[0][0] <= moment:
            await self._record(*self._left.pop(0))

    async def _record(self, at: datetime, visit: Visit) -> None:
        connector, name = self._house.connector(visit.way), f"demo-catat-{at:%Y%m%d%H%M%S}"
        body = _body(name, at, visit, self._cast.agents[0].id)
        raw = Raw(json.dumps(body, ensure_ascii=False).encode(), {"content-type": "application/json"})
        written = at + WRITTEN_DOWN
        await Intake(self._house.store, self._house.files, At(written)).take_in(connector, [raw])
        verdict = self._house.classifier.classify(visit.text, channel=connector.channel.value)
        staff, stories = self._cast.agents[0], stories_of(self._house)

        def story(work: Work) -> None:
            message = work.messages.by_external(visit.way, name)
            assert message is not None
            for job in work.jobs.claim("route", "demo", written, timedelta(days=1), 10):
                work.jobs.done(job)
            route(work, stories, message.id, verdict, written)
            where, who = message.conversation_id, Actor(f"staff:{staff.id}", staff.name)
            work.note(
                who, "recorded", "message", message.id, at=written, conversation_id=where, after=connector.channel.value
            )
            if visit.answer:
                able = self._house.capabilities(visit.way, message.surface)
                said = at + ANSWERED
                reply.reply(work, staff, where, visit.answer, key=f"{name}-jawab", capabilities=able, now=said)
                self._end(work, where, said)

        await self._house.store.write(story)

    def _end(self, work: Work, where: int, at: datetime) -> None:
        """What was answered over the counter is done; a request is decided on its sheet."""
        staff = self._cast.agents[0]
        for case in work.cases.of_conversation(where):
            if case.state.running and case.kind is not Kind.INFORMATION_REQUEST:
                conclude(work, staff, case.id, Outcome.RESOLVED, now=at)
                triage.resolve(work, staff, where, now=at)


def _hour(house: House, at: datetime) -> datetime:
    """The office was open: nobody comes to a shut door."""
    return office_hours(at.replace(second=0, microsecond=0), house.clocks.calendar)


def _body(name: str, at: datetime, visit: Visit, staff_id: int) -> dict[str, object]:
    """As `connectors.counter` describes it."""
    person = {"name": visit.name, "phone": visit.phone, "address": visit.address}
    return {
        "id": name,
        "at": iso(at),
        "kind": visit.kind.value,
        "secret": False,
        "subject": visit.subject,
        "text": visit.text,
        "person": {key: value for key, value in person.items() if value},
        "by": f"staff:{staff_id}",
        "files": [],
    }
