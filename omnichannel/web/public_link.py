"""What a short link opens, on a phone and without an account: a request's missing parts for its citizen, or one task for an
officer in the field. Nothing that is known already is shown: a link may lie in other hands."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case
from omnichannel.domain.errors import Invalid, NotAllowed, NotFound, StoreAway
from omnichannel.domain.forms import ACCESS, APPLICANTS, DELIVERY
from omnichannel.domain.ppid import LACKS, Lack, Link, LinkPurpose, Paper, PaperKind, Request, UnitTask, faulty
from omnichannel.domain.work import Work
from omnichannel.router import doorkey, errand, formal
from omnichannel.router.desk import case_of
from omnichannel.web import guard, pages, public_files
from omnichannel.web.keys import house
from omnichannel.web.ppid_acts import desk_of, text
from omnichannel.web.ppid_units import held_of
from omnichannel.web.public import LARGEST
from omnichannel.web.public_files import Upload
from omnichannel.web.public_gate import GATE, TRIES_ADDRESS

TOKEN = "{token:[A-Za-z0-9_-]{10,60}}"
TOO_OFTEN = "Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."
# The file fields of the page, and what each proves.
PROOFS: Mapping[str, PaperKind] = {
    "ktp": PaperKind.IDENTITY,
    "akta": PaperKind.DEED,
    "kuasa": PaperKind.ATTORNEY,
}
# Which parts of the form each lack asks for.
PARTS: Mapping[Lack, tuple[str, ...]] = {
    Lack.APPLICANT: ("applicant",),
    Lack.NAME: ("name",),
    Lack.ADDRESS: ("address",),
    Lack.CONTACT: ("phone", "mail"),
    Lack.IDENTITY: ("identity", "ktp"),
    Lack.IDENTITY_UNREADABLE: ("ktp",),
    Lack.DEED: ("akta",),
    Lack.DEED_UNREADABLE: ("akta",),
    Lack.ATTORNEY: ("kuasa",),
    Lack.DETAILS: ("details",),
    Lack.PURPOSE: ("purpose",),
    Lack.ACCESS: ("access",),
    Lack.DELIVERY: ("delivery",),
}


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"/l/{TOKEN}", guard.allow(show, public=True)),
        web.post(f"/l/{TOKEN}", guard.allow(send, public=True, limit=LARGEST)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """The form that this link is for. Looking changes nothing: chat apps fetch every link that they show a preview of."""
    link = await _open(request)
    return await (_complete if link.purpose is LinkPurpose.COMPLETE else _field)(request, link)


async def send(request: web.Request) -> web.StreamResponse:
    """What was filled in. Every sending counts against the link."""
    link = await _open(request)
    fields = await guard.fields(request)
    if link.purpose is LinkPurpose.COMPLETE:
        return await _completed(request, link, fields)
    return await _answered(request, link, fields)


async def _open(request: web.Request) -> Link:
    """NotFound, NotAllowed; guessing is slowed by the address it comes from."""
    parts, gate, token = house(request), request.app[GATE], request.match_info["token"]
    now = parts.clock.now()
    name = f"link:{gate.who(request, now)}"
    if gate.tries.count(name, now) >= TRIES_ADDRESS:
        raise NotAllowed(TOO_OFTEN)

    try:
        return await parts.store.read(lambda work: doorkey.opened(work, token, now))
    except NotFound:
        gate.tries.note(name, now)
        raise


async def _complete(
    request: web.Request,
    link: Link,
    status: int = 200,
    *,
    error: str = "",
    typed: Mapping[str, str] | None = None,
    thanks: bool = False,
) -> web.StreamResponse:
    def question(work: Work) -> tuple[Case, tuple[Lack, ...], Request, list[Paper]]:
        case = case_of(work, link.case_id)
        return case, formal.lacks_of(work, case), formal.request_of(work, case), work.requests.papers(case.id)

    case, lacks, known, papers = await house(request).store.read(question)
    wanted = {part for lack in lacks for part in PARTS[lack]}
    if Lack.APPLICANT in lacks:
        wanted |= {"akta", "kuasa"}  # whoever turns out to be a body or a group can send its proof at once
    context: dict[str, Any] = {
        "case": case,
        "lacks": [(LACKS[one], faulty(one, papers)) for one in lacks],
        "wanted": wanted,
        "choices": {"applicant": APPLICANTS, "access": ACCESS, "delivery": DELIVERY},
        "error": error,
        "typed": typed or {},
        "thanks": thanks,
        "open": case.state.running,
        "refused": known.waiting is not None and bool({Lack.IDENTITY_UNREADABLE, Lack.DEED_UNREADABLE} & set(lacks)),
        "accept": ",".join(public_files.PAPERS),
    }
    return pages.page(request, "public/complete.html", status, **context)


async def _completed(request: web.Request, link: Link, fields: guard.Fields) -> web.StreamResponse:
    parts, desk, now = house(request), desk_of(request), house(request).clock.now()
    token = request.match_info["token"]
    given = {name: text(fields, name) for name in formal.FILLED if text(fields, name) and name != "deed"}
    typed = {name: value for name, value in given.items() if name != "identity"}
    try:
        formal.clean(given)
        uploads = [(kind, one) for name, kind in PROOFS.items() for one in await public_files.read(fields, name)]
        kept = await _kept(request, [one for _, one in uploads])
        papers = [(kind, said) for (kind, _), said in zip(uploads, kept, strict=True)]

        def story(work: Work) -> None:
            doorkey.used(work, doorkey.opened(work, token, now), now)
            if given:
                formal.fill(work, desk, link.case_id, given, doorkey.actor(link), now=now)
            formal.add_papers(work, desk, link.case_id, papers, doorkey.actor(link), now)

        if not given and not papers:
            raise Invalid("Isi dulu yang masih kurang, atau pilih berkasnya.")
        await parts.store.write(story)
    except (Invalid, public_files.BadFile) as problem:
        await _count(request, link)
        return await _complete(request, link, 422, error=str(problem), typed=typed)
    return await _complete(request, link, thanks=True)


async def _field(
    request: web.Request,
    link: Link,
    status: int = 200,
    *,
    error: str = "",
    typed: Mapping[str, str] | None = None,
    done: bool = False,
) -> web.StreamResponse:
    def question(work: Work) -> tuple[Case, UnitTask, Request]:
        case = case_of(work, link.case_id)
        return case, errand.task_of(work, link.task_id or 0), formal.request_of(work, case)

    case, task, asked = await house(request).store.read(question)
    context: dict[str, Any] = {
        "case": case,
        "task": task,
        "asked": asked,
        "holder": link.holder,
        "error": error,
        "typed": typed or {},
        "done": done,
        "accept": ",".join((*public_files.ALLOWED, *sorted(set(public_files.ALLOWED.values())))),
    }
    return pages.page(request, "public/field.html", status, **context)


async def _answered(request: web.Request, link: Link, fields: guard.Fields) -> web.StreamResponse:
    parts, desk, now, token = house(request), desk_of(request), house(request).clock.now(), request.match_info["token"]
    words, held = text(fields, "jawaban"), held_of(text(fields, "dikuasai"))
    typed = {"jawaban": words, "dikuasai": text(fields, "dikuasai")}
    try:
        files = await _kept(request, await public_files.read(fields))
        await parts.store.write(lambda work: errand.answer_by_link(work, desk, token, words, held, files, now=now))
    except (Invalid, public_files.BadFile) as problem:
        await _count(request, link)
        return await _field(request, link, 422, error=str(problem), typed=typed)
    return await _field(request, link, done=True)


async def _count(request: web.Request, link: Link) -> None:
    """A sending that came to nothing is a try, too; its own story was undone, so it is counted by itself."""
    parts, now = house(request), house(request).clock.now()

    def story(work: Work) -> None:
        held = work.errands.link_by_id(link.id)
        if held is not None:
            doorkey.used(work, held, now)

    await parts.store.write(story)


async def _kept(request: web.Request, uploads: list[Upload]) -> list[dict[str, object]]:
    try:
        return await public_files.keep(house(request).files, uploads)
    except OSError as error:
        raise StoreAway(f"attachments cannot be kept: {error.strerror}") from error
