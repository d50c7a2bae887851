"""Everything that proves how one request was handled, in one archive for the Komisi Informasi (Perki 1/2013).

Timeline, messages with their deliveries, the payloads as they came in with the ledger's chain of hashes, rulings, letters,
released copies and files. What a platform packed together with other citizens' words is named by its hash and left out.
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from typing import Any

from omnichannel.domain.case import Case
from omnichannel.domain.errors import NotFound
from omnichannel.domain.letter import KeptLetter, Release
from omnichannel.domain.message import iso
from omnichannel.domain.ports import Files, Store
from omnichannel.domain.ppid import Paper
from omnichannel.domain.printing import Archive
from omnichannel.domain.work import Actor, Direction, FileState, Message, Work
from omnichannel.router.formal import asked_for, request_of

ALL = 1_000_000
PAGE = 200
README = """BERKAS BUKTI

manifest.json   daftar berkas dengan ukuran dan sidik jari SHA-256
SHA256SUMS      untuk memeriksa semuanya sekaligus: sha256sum -c SHA256SUMS
perkara.json    permohonan, putusan, uji konsekuensi, tugas unit, keberatan
riwayat.json    siapa berbuat apa dan kapan, dari catatan yang hanya bertambah
pesan.json      setiap pesan dengan waktu, status kirim, dan berkasnya
pengiriman.json surat dan salinan yang disampaikan, kapan dan lewat apa
mentah/         muatan asli dari kanal; "chain" mengikat tiap catatan dengan catatan sebelumnya
surat/ salinan/ berkas/

Semua waktu UTC (ISO 8601). Rantai tiap catatan: chain = SHA-256 dari empat baris (dipisah baris baru): previous (kosong bila
tidak ada), account, at, dan sha256 muatannya. Satu catatan yang diubah membuat semua rantai sesudahnya tidak cocok.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The rows of one case."""

    case: Case
    facts: dict[str, Any]
    happenings: list[Any]
    messages: list[Message]
    letters: list[KeptLetter]
    releases: list[Release]
    papers: list[Paper]
    handings: list[Any]


@dataclass(frozen=True, slots=True)
class RawEntry:
    """A payload of the ledger; no `body` where it was erased or is not this citizen's alone."""

    facts: dict[str, Any]
    body: bytes | None


async def bundle(store: Store, files: Files, archive: Archive, case_id: int) -> Case:
    """Put it all into the archive, one file at a time."""
    found = await store.read(lambda work: gather(work, case_id))
    archive.add("BACA-SAYA.txt", README.encode())
    for name, content in _documents(found):
        archive.add(name, _json(content))
    for message in found.messages:
        if message.ledger_id is not None:
            raw = await store.read(_raw_of(message))
            if raw is not None:
                archive.add(f"mentah/{message.ledger_id}.json", _json(raw.facts), "catatan buku besar penerimaan")
                if raw.body is not None:
                    archive.add(f"mentah/{message.ledger_id}.bin", raw.body, "muatan asli dari kanal")
    missing = []
    for name, sha256, note in _stored(found):
        try:
            content = await asyncio.to_thread(files.read, sha256)
        except NotFound:
            missing.append({"name": name, "sha256": sha256})
            continue
        archive.add(name, content, note)
    if missing:
        archive.add("berkas-hilang.json", _json(missing), "berkas yang tidak ada lagi di penyimpanan kami")
    return found.case


def note(work: Work, who: Actor, case: Case, name: str, now: datetime) -> None:
    """Who took it out is a line of the history (UU 27/2022, Pasal 31)."""
    work.note(who, "evidence_taken", "case", case.id, at=now, conversation_id=case.conversation_id, after=name)


def gather(work: Work, case_id: int) -> Evidence:
    """The rows of the case from one snapshot."""
    case = asked_for(work, case_id)
    facts = {
        "perkara": case,
        "permohonan": request_of(work, case),
        "putusan": work.requests.decisions(case.id),
        "uji_konsekuensi": work.requests.tests(case.id),
        "tugas_unit": work.errands.tasks(case.id),
        "keberatan": work.objections.of_case(case.id),
    }
    return Evidence(
        case=case,
        facts=facts,
        happenings=list(reversed(work.screens.history(case.conversation_id, ALL))),
        messages=_thread(work, case.conversation_id),
        letters=work.letters.of_case(case.id),
        releases=work.letters.releases(case.id),
        papers=work.requests.papers(case.id),
        handings=work.letters.handings(case.id),
    )


def _thread(work: Work, conversation_id: int) -> list[Message]:
    pages: list[list[Message]] = []
    before = None
    while page := work.messages.thread(conversation_id, before_id=before, limit=PAGE):
        pages.append(page)
        before = page[0].id
        if len(page) < PAGE:
            break
    # Notes among staff are how they thought, not what was said to the citizen.
    return [one for page in reversed(pages) for one in page if one.direction is not Direction.NOTE]


def _raw_of(message: Message) -> Callable[[Work], RawEntry | None]:
    def question(work: Work) -> RawEntry | None:
        entry = message.ledger_id or 0
        found = next((one for one in work.ledger.entries(None, entry - 1, 1) if one.id == entry), None)
        if found is None:
            return None
        facts = _plain(found)
        if work.books.shared(message.id, entry, message.conversation_id):
            return RawEntry(
                facts | {"keterangan": "memuat pesan warga lain, sehingga muatannya tidak disertakan"}, None
            )
        payload = work.ledger.payload(entry)
        if payload is None:
            return RawEntry(facts | {"keterangan": "muatannya sudah dihapus menurut jadwal retensi"}, None)
        return RawEntry(facts | {"headers": dict(payload[0])}, payload[1])

    return question


def _documents(found: Evidence) -> Iterable[tuple[str, Any]]:
    yield "perkara.json", found.facts
    yield "riwayat.json", found.happenings
    yield "pesan.json", found.messages
    yield "pengiriman.json", found.handings
    yield "surat.json", found.letters
    yield "salinan.json", found.releases


def _stored(found: Evidence) -> Iterable[tuple[str, str, str]]:
    """Name in the archive, hash on our disk, what it is."""
    for letter in found.letters:
        yield f"surat/{letter.file_name}", letter.sha256, f"surat nomor {letter.number}"
    for release in found.releases:
        yield f"salinan/{release.file_name}", release.sha256, f"salinan yang dihitamkan dari {release.original}"
    for paper in found.papers:
        yield f"berkas/{paper.name}", paper.sha256, f"berkas permohonan ({paper.kind.value})"
    for message in found.messages:
        for file in message.files:
            if file.state is FileState.KEPT and file.sha256 is not None and message.direction is not Direction.OUT:
                yield f"berkas/pesan-{message.id}-{file.name or file.id}", file.sha256, f"lampiran pesan {message.id}"


def _json(content: Any) -> bytes:
    return json.dumps(_plain(content), ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    """As JSON can say it: moments in UTC, days as days, the hash of a token left out (it opens nothing, but proves nothing)."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(one) for name, one in asdict(value).items() if name != "token_hash"}
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value
