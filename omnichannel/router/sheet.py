"""Case → the sheet from which an officer keys a report into SP4N-LAPOR!.

Identity stands in the identity fields and nowhere else: NIK, phone and mail addresses are masked in title and content. A
supervision complaint (abuse, corruption, discipline) is anonymous and secret unless the citizen chose otherwise.
Form fields: lapor.go.id, copy of 2023–24; classification ids are the web form's (1 pengaduan, 2 permintaan informasi,
3 aspirasi).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.office import Office
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.people import Contact
from omnichannel.domain.ports import Report
from omnichannel.domain.scrub import scrub, without_names
from omnichannel.domain.spots import written
from omnichannel.domain.work import Direction, FileState, Message, Work
from omnichannel.router.headline import headline, without_address

# Topic → top-level category of SP4N-LAPOR!, as its form lists them (seen 2026-11; not the official code list).
CATEGORIES = {
    "jalan_jembatan": "Pekerjaan Umum dan Penataan Ruang",
    "air_bersih": "Pekerjaan Umum dan Penataan Ruang",
    "drainase_banjir": "Pekerjaan Umum dan Penataan Ruang",
    "perumahan_tanah": "Pekerjaan Umum dan Penataan Ruang",
    "pju": "Perhubungan",
    "lalulintas_parkir": "Perhubungan",
    "sampah_lingkungan": "Lingkungan Hidup dan Kehutanan",
    "ketertiban": "Ketentraman, Ketertiban Umum, dan Perlindungan Masyarakat",
    "keamanan": "Ketentraman, Ketertiban Umum, dan Perlindungan Masyarakat",
    "damkar": "Ketentraman, Ketertiban Umum, dan Perlindungan Masyarakat",
    "bansos": "Kesetaraan Gender dan Sosial Inklusif",
    "kependudukan": "Kependudukan",
    "kesehatan": "Kesehatan",
    "pendidikan": "Pendidikan dan Kebudayaan",
    "ketenagakerjaan": "Ketenagakerjaan",
    "pertanian_perikanan": "Pertanian dan Peternakan",
    "umkm": "Ekonomi dan Keuangan",
    "pajak": "Ekonomi dan Keuangan",
    "perizinan": "Ekonomi dan Keuangan",
    "kepegawaian": "Politik dan Hukum",
    "pungli": "Politik dan Hukum",
    "listrik": "Energi dan Sumber Daya Alam",
}
CLASSIFICATION = {
    Kind.COMPLAINT: "Pengaduan",
    Kind.ASPIRATION: "Aspirasi",
    Kind.INFORMATION_REQUEST: "Permintaan Informasi",
}
FOLLOWING = 200  # messages; a report that needs more is no longer one report


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything the LAPOR form asks, ready to copy. `identity` is apart, and empty
    for whoever did not choose to be named: their report stands under the office's account."""

    report: Report
    fields: tuple[tuple[str, str, str], ...]
    identity: tuple[tuple[str, str, str], ...]
    files: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]


def sheet(work: Work, case: Case, office: Office, organisation: Organisation) -> Sheet:
    """The sheet for this case: (key, label, value) rows in the order of the form."""
    contact = work.contacts.get(case.contact_id)
    said = _said(work, case)
    report = _report(case, contact, said, organisation)
    when = f"{report.incident_at.astimezone(office.zone):%d-%m-%Y}" if report.incident_at else ""
    fields = (
        ("classification", "Klasifikasi", report.classification),
        ("title", "Judul laporan", report.title),
        ("content", "Isi laporan", report.content),
        ("date_of_incident", "Tanggal kejadian", when),
        ("location", "Lokasi kejadian", report.place or ""),
        *_coordinates(said),
        ("institution", "Instansi tujuan", report.institution or ""),
        ("category", "Kategori", report.category or ""),
        ("privacy", "Anonim / rahasia", _privacy(report)),
    )
    going = work.forwards.get(case.id)
    identity = (
        ()
        if report.anonymous or going is None or not going.named
        else tuple(
            (key, label, value)
            for key, label, value in (
                ("name", "Nama pelapor", report.reporter_name or ""),
                ("phone", "Telepon", report.reporter_phone or ""),
                ("email", "Surel", report.reporter_mail or ""),
            )
            if value
        )
    )
    files = tuple(
        (file.id, file.name or file.media_type)
        for message in said
        for file in message.files
        if file.state is FileState.KEPT
    )
    missing = tuple(
        label for key, label, value in fields if not value and key in ("location", "institution", "content")
    )
    return Sheet(report=report, fields=fields, identity=identity, files=files, missing=missing)


def _said(work: Work, case: Case) -> list[Message]:
    """What the citizen wrote for this case: the message that made it and what followed, up to the message that made
    another case. In a public thread others write too; theirs is not this report. What was withdrawn goes no further."""
    first = work.messages.get(case.message_id)
    others = [one.message_id for one in work.cases.of_conversation(case.conversation_id) if one.id != case.id]
    until = min((number for number in others if number > case.message_id), default=None)
    later = work.messages.thread(case.conversation_id, after_id=case.message_id, limit=FOLLOWING)
    said = [*([first] if first is not None else []), *later]
    return [
        one
        for one in said
        if one.direction is Direction.IN
        and one.auto is None
        and one.withdrawn_at is None
        and one.contact_id in (case.contact_id, None)
        and (until is None or one.id < until)
    ]


def _coordinates(said: Sequence[Message]) -> tuple[tuple[str, str, str], ...]:
    """The point that the citizen shared, else the first that they wrote, for the form's pin. It stands apart and is sent
    by no machine: the point may be somebody's home, and an officer decides whether a report is to show it."""
    shared = [message.location for message in said if message.location is not None]
    points = shared or [at for message in said for at in written(message.text).places]
    return tuple(("coordinates", "Koordinat", f"{at.lat:.6f}, {at.lon:.6f}") for at in points[:1])


def _report(case: Case, contact: Contact | None, said: Sequence[Message], organisation: Organisation) -> Report:
    names = tuple(name for name in (contact.name if contact else None, contact.handle if contact else None) if name)
    words = [public(without_address(message.text), names) for message in said if message.text.strip()]
    unit = organisation.get(case.unit) if case.unit else None
    places = [organisation.by_code(code) for code in (case.desa, case.kecamatan) if code]
    open_name = contact is not None and not case.anonymous
    place = ", ".join(one.name for one in places if one) or None
    return Report(
        case_id=case.id,
        number=case.number,
        classification=CLASSIFICATION.get(case.kind, "Pengaduan"),
        title=_title(said, case, names, place),
        content="\n\n".join(words),
        place=place,
        incident_at=said[0].sent_at if said else case.received_at,
        institution=unit.name if unit else None,
        category=CATEGORIES.get(case.topic, "Topik Lainnya"),
        anonymous=case.anonymous,
        secret=case.secret,
        reporter_name=contact.name if open_name and contact else None,
        reporter_phone=contact.phone if open_name and contact else None,
        reporter_mail=contact.address if open_name and contact else None,
    )


def _title(said: Sequence[Message], case: Case, names: tuple[str, ...], place: str | None) -> str:
    """Scrubbed before it is cut: half an identity number is seen by no mask."""
    told = next((one.subject or one.text for one in said if (one.subject or one.text).strip()), case.title)
    return headline(public(told, names), place)


def public(text: str, names: tuple[str, ...]) -> str:
    """Words as everybody may read them: nobody's number or address, and not the reporter's own name."""
    return without_names(scrub(text), names).strip()


def _privacy(report: Report) -> str:
    chosen = [word for word, on in (("Anonim", report.anonymous), ("Rahasia", report.secret)) if on]
    return " dan ".join(chosen) or "Terbuka"
