"""SP4N-LAPOR! through the partner API of the government gateway (SPLP): files first, then the report, once.

Nothing here repeats a call that may have been heard. An upload may be repeated: files without a report are nobody's.
A create whose answer did not come is Unsure, whatever the cause; so is one whose answer speaks of another report, for a
gateway that answers twice mixes up whose answer is whose. Identity stands in the identity fields and nowhere else:
what leaves is masked once more at this last door, and pictures go without what cameras write into them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

import aiohttp

from omnichannel.connectors.http import Answer, Http, judge
from omnichannel.connectors.lapor import export, mapping
from omnichannel.connectors.lapor.pictures import bare
from omnichannel.domain.errors import AccountBroken, OmnichannelError, Refused, TryLater, Unsure
from omnichannel.domain.forwarding import Exported, News
from omnichannel.domain.message import OutgoingFile, Sent
from omnichannel.domain.partner import Partner
from omnichannel.domain.ports import Batch, Catalogue, Forwarded, NewsBatch, NotOffered, Ref, Report
from omnichannel.domain.scrub import scrub, without_names

PAGES = 50  # of follow-ups in one reading
CLOCKS_DIFFER = timedelta(minutes=30)  # theirs from ours
OTHER_REPORT = "SP4N-LAPOR! menjawab dengan nomor laporan lain ({id}). Cari judulnya di sana."
ASK_THERE = NotOffered("Gerbang ini tidak punya pencarian. Cari judulnya di SP4N-LAPOR!.")
BY_BATCH = NotOffered("Unduh laporan terdisposisi dari SP4N-LAPOR! lalu impor berkasnya di papan LAPOR.")


class ApiForwarder:
    """Fits `domain.ports.Forwarder`."""

    def __init__(self, partner: Partner, way: str = "api") -> None:
        """`way` is "sandbox" where the address is that of LAPOR's own place for trying out."""
        self.way = way
        self._partner = partner
        self._http = Http(
            partner.base_url, secrets=(partner.key, partner.token), headers=mapping.headers(partner), alone=True
        )

    async def close(self) -> None:
        """Let go of the connections; harmless when called twice."""
        await self._http.close()

    async def forward(self, report: Report) -> Forwarded:
        """Files, then the report. TryLater and Refused: it is not there. Unsure: it may be."""
        numbers = await self._upload(report.files) if report.files else []
        answer = await self._http.tell(
            "POST", mapping.CREATE, json=self._body(report, numbers), patience=mapping.PATIENCE_TELL
        )
        _check(answer, sending=True)
        complaint_id, tracking = mapping.created(answer.json())
        if complaint_id is None:
            raise Unsure("SP4N-LAPOR! menjawab tanpa menyebut nomor laporannya. Cari judulnya di sana.")
        there = await self._there(complaint_id)
        if there is not None and not mapping.is_titled(there, _public(report, report.title)):
            raise Unsure(OTHER_REPORT.format(id=complaint_id))
        return Forwarded(complaint_id, tracking or (mapping.tracking_of(there) if there else None))

    async def news(self, ref: Ref, cursor: str | None) -> NewsBatch:
        """What follow-ups were added since the cursor (the highest id seen), then where the report stands now."""
        report = mapping.detail(await self._ask(mapping.DETAIL.format(id=ref.complaint_id)), ref.complaint_id)
        if report is None:
            raise TryLater("SP4N-LAPOR! menjawab tanpa isi laporannya.")
        seen, status = _read(cursor)
        fresh = [one for one in await self._followups(ref) if _after(one.id, seen)]
        name, code, institution = mapping.state_of(report)
        if name is not None and (name, code) != status:
            last = mapping.moved_at(report) or (fresh[-1].at if fresh else self._now(report))
            fresh.append(
                News(
                    f"status:{code or '-'}:{name}:{len(report.get('status_logs') or ())}",
                    last,
                    name,
                    code,
                    "",
                    institution,
                )
            )
        highest = max((int(one.id) for one in fresh if one.id.isdigit()), default=seen)
        return NewsBatch(tuple(fresh), f"{highest}|{name or ''}|{code or ''}")

    async def reply(self, ref: Ref, text: str, files: Sequence[OutgoingFile]) -> Sent:
        """A follow-up of ours (or of the reporter, through us) under the report."""
        form = aiohttp.FormData()
        fields = {
            "user_id": self._partner.user_id,
            "institution_from_id": self._partner.institution_id,
            "institution_to_id": "",
            "complaint_id": ref.complaint_id,
            "info_disposition": "",
            "template_code": "",
            "rating": "",
            "is_secret": "0",
            "content": scrub(text),
        }
        for name, value in fields.items():
            form.add_field(name, value)
        for place, file in enumerate(files):
            _attach(form, f"attachment[{place}]", file, place)
        answer = await self._http.tell("POST", mapping.REPLY, data=form, patience=mapping.PATIENCE_TELL)
        _check(answer, sending=True)
        if not mapping.taken(answer.json()):
            raise Unsure("SP4N-LAPOR! tidak memastikan tanggapan itu diterima. Lihat laporannya.")
        return Sent(external_id=f"{ref.complaint_id}#reply")

    async def transfer(self, ref: Ref, institution: str, reason: str) -> Sent:
        """Ask that another agency takes it: LAPOR's "bukan wewenang". `institution` is LAPOR's id."""
        form = {"is_request": "1", "not_authority": "1", "reason": institution, "reason_description": scrub(reason)}
        path = mapping.REJECT.format(id=ref.complaint_id)
        answer = await self._http.tell("POST", path, data=form, patience=mapping.PATIENCE_TELL)
        _check(answer, sending=True)
        if not mapping.taken(answer.json()):
            raise Unsure("SP4N-LAPOR! tidak memastikan pelimpahan itu diterima. Lihat laporannya.")
        return Sent(external_id=f"{ref.complaint_id}#transfer")

    async def catalogue(self) -> Catalogue:
        institutions = await self._ask(mapping.INSTITUTIONS, mapping.ALL)
        templates = await self._ask(mapping.TEMPLATES, mapping.ALL)
        return Catalogue(
            institutions=mapping.masters(institutions, "id", "name"),
            categories=tuple(self._partner.categories.items()),
            templates=mapping.masters(templates, "template_code", "title"),
            words=mapping.masters(templates, "template_code", "content"),
        )

    async def find(
        self, report: Report, *, since: datetime | None = None, taken: Collection[str] = ()
    ) -> Ref | None | NotOffered:
        """The report by its title, where the gateway can look. Unsure: there are two alike, and only a person can tell."""
        if self._partner.search is None:
            return ASK_THERE
        title = _public(report, report.title)
        answer = await self._ask(self._partner.search, {mapping.SEARCH_FIELD: title})
        found = [
            (number, tracking)
            for number, tracking, at in mapping.found(answer, title)
            if not {number, tracking} & set(taken) and (since is None or at is None or at >= since - CLOCKS_DIFFER)
        ]
        if len(found) > 1:
            raise Unsure("Ada lebih dari satu laporan dengan judul itu. Pilih sendiri di SP4N-LAPOR!.")
        return Ref(*found[0]) if found else None

    async def disposed(self, cursor: str | None) -> Batch | NotOffered:
        """No call for it is known: the export of LAPOR's own screen is imported instead."""
        return BY_BATCH

    def exported(self, table: Sequence[Sequence[str]]) -> tuple[Exported, ...]:
        return export.read(table)

    # ---- within

    def _body(self, report: Report, numbers: Sequence[int]) -> dict[str, Any]:
        partner, named = self._partner, _named(report)
        institution = partner.institutions.get(report.institution or "")
        category = partner.categories.get(report.category or "")
        body: dict[str, Any] = {
            "title": _public(report, report.title),
            "content": _public(report, report.content),
            "channel": partner.channel,
            "classification_id": mapping.CLASSIFICATIONS.get(report.classification, 1),
            "is_new_user_slider": named,
            "is_inbox": False,
            "is_disposisi_slider": institution is not None,
            "date_of_incident": f"{report.incident_at.astimezone(mapping.ZONE):{mapping.DAY}}"
            if report.incident_at
            else None,
            "is_approval": False,
            "is_anonymous": report.anonymous,
            "is_secret": report.secret,
            "is_priority": False,
            "tags_raw": "",
            "attachments": mapping.attachments_field(numbers),
        }
        if report.place:
            body["content"] += f"\n\nLokasi: {_public(report, report.place)}"
        if named:
            body |= {
                "nameUser": report.reporter_name,
                "phoneUser": report.reporter_phone or "",
                "emailUser": report.reporter_mail or "",
            }
        else:
            body["user_id"] = partner.user_id
        chosen = {"disposition_id": institution, "category_id": category, "location_id": partner.location_id}
        return body | {key: value for key, value in chosen.items() if value}

    async def _upload(self, files: Sequence[OutgoingFile]) -> list[int]:
        """All files in one request. Repeating it leaves files without a report, which nobody sees."""
        form = aiohttp.FormData()
        for place, file in enumerate(files):
            _attach(form, "attachments[]", file, place)
        answer = await self._http.ask("POST", mapping.UPLOAD, data=form, patience=mapping.PATIENCE_TELL)
        _check(answer, sending=False)
        numbers = mapping.uploaded(answer.json())
        if len(numbers) != len(files):
            raise TryLater("SP4N-LAPOR! tidak menerima semua lampirannya.")
        return numbers

    async def _there(self, complaint_id: str) -> dict[str, Any] | None:
        """The new report as it lies there. That a gateway does not show it yet harms nothing: None."""
        try:
            return mapping.detail(await self._ask(mapping.DETAIL.format(id=complaint_id)), complaint_id)
        except OmnichannelError:
            return None

    async def _followups(self, ref: Ref) -> list[News]:
        found: dict[str, News] = {}
        for page in range(1, PAGES + 1):
            answer = await self._ask(mapping.FOLLOWUPS.format(id=ref.complaint_id), {"page": str(page)})
            rows, more = mapping.followups(answer)
            for one in (mapping.news(row, self._now(row)) for row in rows):
                if one is not None:
                    found[one.id] = one
            if not more:
                break
        return sorted(found.values(), key=lambda one: (one.at, one.id))

    async def _ask(self, path: str, params: dict[str, str] | None = None) -> Any:
        answer = await self._http.ask("GET", path, params=params or {}, patience=mapping.PATIENCE_ASK)
        _check(answer, sending=False)
        told = answer.json()
        if told is None:
            raise TryLater("SP4N-LAPOR! menjawab dengan halaman, bukan data.")
        return told

    @staticmethod
    def _now(row: dict[str, Any]) -> Any:
        return mapping.moment(row.get("created_at")) or mapping.EPOCH


def _check(answer: Answer, *, sending: bool) -> None:
    """Our error for what the gateway said; a refusal in its own words."""
    wrong = judge(answer, sending=sending)
    if sending and mapping.heard_before(answer.json(), answer.status):
        # A gateway that tried twice tells of its second try: the first may well have been taken.
        raise Unsure(
            f"SP4N-LAPOR! menjawab seolah laporan ini sudah pernah masuk ({answer.status}). Cari judulnya di sana."
        )
    if isinstance(wrong, Refused):
        raise Refused(mapping.refusal(answer.json(), answer.status), code=str(answer.status))
    if isinstance(wrong, AccountBroken):
        raise AccountBroken(
            "SP4N-LAPOR! menolak kunci kita. Perbarui OMNI_LAPOR_KEY dan OMNI_LAPOR_TOKEN.", code=wrong.code
        )
    if wrong is not None:
        raise wrong


def _public(report: Report, text: str) -> str:
    """Without anybody's number, address, or the name that stands in the identity fields."""
    return without_names(scrub(text), (report.reporter_name,) if report.reporter_name else ())


def _named(report: Report) -> bool:
    """Whether the citizen's own identity goes along: they chose to be named, and there is enough of it."""
    return not report.anonymous and bool(report.reporter_name and (report.reporter_phone or report.reporter_mail))


def _attach(form: aiohttp.FormData, field: str, file: OutgoingFile, place: int) -> None:
    """The file under a name that says nothing of anybody."""
    extension = PurePath(file.name).suffix.lower()
    name = f"lampiran-{place + 1}{extension if extension[1:].isalnum() and len(extension) <= 6 else ''}"
    form.add_field(field, bare(file.content), filename=name, content_type=file.media_type)


def _read(cursor: str | None) -> tuple[int, tuple[str | None, str | None]]:
    number, _, status = (cursor or "").partition("|")
    name, _, code = status.partition("|")
    return int(number) if number.isdigit() else 0, (name or None, code or None)


def _after(number: str, seen: int) -> bool:
    return not number.isdigit() or int(number) > seen
