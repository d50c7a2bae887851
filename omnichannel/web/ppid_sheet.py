"""The sheet of one information request: what lacks, where its clock stands, what units answered, and the ruling."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from omnichannel.domain import dip
from omnichannel.domain.case import OUTCOMES, Case, Kind, Outcome
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.dip import Item
from omnichannel.domain.forms import ACCESS, APPLICANTS, DELIVERY
from omnichannel.domain.objection import GROUNDS, Objection
from omnichannel.domain.policy import Action
from omnichannel.domain.ppid import LACKS, PAPERS, Lack, Link, LinkPurpose, Paper, Request, UnitTask, lacking
from omnichannel.domain.ppid_clock import first_end, last_asked, may_lapse
from omnichannel.domain.ppid_decision import EXEMPTIONS, MEDIA, ConsequenceTest, Decision, DecisionState
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import of
from omnichannel.router.formal import asked_for, request_of
from omnichannel.web import guard, labels, ladder, pages, scene
from omnichannel.web.case import NUMBER, named
from omnichannel.web.keys import house

BASE = f"/ppid/permohonan/{NUMBER}"
SUGGESTED = 4
OBJECTION_WORDS = {
    "open": "menunggu tanggapan",
    "answered": "ditanggapi",
    "too_late": "lewat waktu",
    "withdrawn": "dicabut",
    "disputed": "disengketakan",
}
LINE_FIELDS = (
    ("name", "Nama"), ("identity", "NIK atau nomor identitas lain"), ("address", "Alamat"), ("job", "Pekerjaan"),
    ("phone", "Telepon"), ("mail", "Surel"), ("deed", "Nomor akta yang sudah dilihat aslinya"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows behind the page."""

    case: Case
    conversation: Conversation
    request: Request
    papers: list[Paper]
    lacks: tuple[Lack, ...]
    decisions: list[Decision]
    tests: list[ConsequenceTest]
    tasks: list[UnitTask]
    links: list[Link]
    objections: list[Objection]
    items: list[Item]
    offered: Item | None
    twins: list[Case]

    @property
    def draft(self) -> Decision | None:
        """What waits for its approver."""
        return next((one for one in self.decisions if one.state is DecisionState.DRAFT), None)

    @property
    def returned(self) -> Decision | None:
        """The last word of an approver who wanted it otherwise, while nothing newer was drafted."""
        last = self.decisions[-1] if self.decisions else None
        return last if last is not None and last.state is DecisionState.RETURNED else None

    @property
    def final(self) -> Decision | None:
        """The ruling that stands."""
        finals = [one for one in self.decisions if one.state is DecisionState.FINAL]
        return finals[-1] if finals and not self.case.state.running else None

    def field_links(self, task: UnitTask) -> list[Link]:
        """Open ways into one task."""
        return [one for one in self.links if one.task_id == task.id and one.revoked_at is None]

    @property
    def asked_by_link(self) -> Link | None:
        """The link that the citizen holds now."""
        mine = [one for one in self.links if one.purpose is LinkPurpose.COMPLETE and one.revoked_at is None]
        return mine[-1] if mine else None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A form that could not be carried out: which, why, and what had been typed."""

    form: str = ""
    error: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()


def routes() -> list[web.RouteDef]:
    return [web.get(BASE, guard.allow(show, Action.READ))]


async def show(request: web.Request) -> web.StreamResponse:
    """Everything the PPID needs to answer one request, on one page."""
    return await draw(request)


async def draw(
    request: web.Request, status: int = 200, trouble: Trouble | None = None, *, link: str = ""
) -> web.StreamResponse:
    """`link`: the address of a link that was just made; it is shown this once and stored nowhere."""
    number, parts, wording = request.match_info["number"], house(request), pages.wording(request)
    seen, sheet = await scene.read(request, lambda work: find(work, number))
    case, staff = sheet.case, guard.staff(request)
    guard.ask(request, Action.READ, case)
    rules, clocks, now = parts.office.ppid, parts.clocks, wording.now
    end = first_end(sheet.request, clocks, rules, now)
    extendable = case.state.running and sheet.request.extended_at is None and wording.today <= end
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "sheet": sheet,
        "case": case,
        "r": sheet.request,
        "clocks": ladder.clocks(case.clocks, wording.today, running=case.state.running, in_lapor=False),
        "can": scene.abilities(staff, case),
        "trouble": trouble or Trouble(),
        "link": link,
        "lacks": [LACKS[one] for one in sheet.lacks],
        "line_fields": LINE_FIELDS,
        "choices": {"applicant": APPLICANTS, "access": ACCESS, "delivery": DELIVERY},
        "paper_words": PAPERS,
        "outcomes": [(one, labels.OUTCOMES[one]) for one in OUTCOMES[Kind.INFORMATION_REQUEST]],
        "outcome_word": lambda one: labels.OUTCOMES[Outcome(one)],
        "exemptions": EXEMPTIONS,
        "media": MEDIA,
        "grounds": GROUNDS,
        "objection_word": OBJECTION_WORDS.get,
        "extendable": extendable,
        "extend_until": end,
        "lapse_from": may_lapse(
            sheet.request, clocks.calendar, rules, wording.today, asked_again=last_asked(sheet.links)
        ),
        "rules": rules,
        "public": sheet.conversation.surface is Surface.PUBLIC,
        "asked_unit": parts.office.ppid.unit_days,
        "here": f"/ppid/permohonan/{case.number}",
        "categories": dip.CATEGORIES,
    }
    return pages.page(request, "ppid/sheet.html", status, **context)


def find(work: Work, number: str) -> Sheet:
    """The rows of the sheet; NotFound, and Invalid for a case that is no request."""
    case = asked_for(work, named(work, number).id)
    request = request_of(work, case)
    papers = work.requests.papers(case.id)
    words = dip.search_words(f"{request.details} {case.title}")
    offered = work.catalogue.get(request.offered_item) if request.offered_item is not None else None
    return Sheet(
        case=case,
        conversation=of(work, case.conversation_id),
        request=request,
        papers=papers,
        lacks=lacking(request, papers),
        decisions=work.requests.decisions(case.id),
        tests=work.requests.tests(case.id),
        tasks=work.errands.tasks(case.id),
        links=work.errands.links(case.id),
        objections=work.objections.of_case(case.id),
        items=dip.matches(request.details, work.catalogue.near(words), SUGGESTED) if case.state.running else [],
        offered=offered,
        twins=[one for one in work.cases.of_conversation(case.conversation_id) if _twin(one, case)],
    )


def _twin(other: Case, case: Case) -> bool:
    """Another case out of the same message."""
    return other.message_id == case.message_id and other.id != case.id
