"""What programs may look at: the same rows, under the same policy, as the pages of the desk."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from aiohttp import web

from omnichannel.domain.case import Case, Queue
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import NotFound
from omnichannel.domain.label import Label
from omnichannel.domain.policy import Action, may, scope
from omnichannel.domain.records import Happening, Message
from omnichannel.domain.screens import Page, WorkRow
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import of
from omnichannel.web import asked as search
from omnichannel.web import files, guard, hub, inbox, pages, scene
from omnichannel.web.api import shapes
from omnichannel.web.api.asked import ByNumber, CasesAsked, ConversationsAsked
from omnichannel.web.api.operation import Call, Operation
from omnichannel.web.api.veil import Veil

HAPPENED_MOST = 200


class Whole(NamedTuple):
    """A conversation, its cases, and the labels that the office has."""

    found: Conversation
    cases: Sequence[Case]
    known: Sequence[Label]


async def me(call: Call) -> shapes.Who:
    """Whose hands the token is, and what it may."""
    token, staff = call.token, call.token.staff
    return shapes.Who(
        login=staff.login,
        name=staff.name,
        role=staff.role.value,
        unit=staff.unit,
        token=token.name,
        writes=token.writes,
        unmasked=token.unmasked,
        expires_at=token.expires_at,
    )


async def conversations(call: Call) -> shapes.Listed[shapes.ConversationLine]:
    """A work list as the desk orders it, or what a search found, newest first."""
    query: ConversationsAsked = call.query
    wording, veil = pages.wording(call.request), Veil(call.token)

    def question(work: Work) -> tuple[Page[WorkRow], Sequence[Label]]:
        known = work.labels.all()
        what = search.read(query.q, inbox.ground(call.parts, work, call.staff, wording))
        days, view = scene.days(wording), query.view.view
        listing = inbox.listed(work, call.staff, view, what, days, query.after, query.limit)
        if listing.hits is not None:
            return Page(tuple(hit.row for hit in listing.hits.rows), listing.hits.after), known
        return listing.page or Page((), None), known

    page, known = await call.parts.store.read(question)
    return shapes.Listed(items=[veil.line(row, known) for row in page.rows], next=page.after)


async def conversation(call: Call) -> shapes.Conversation:
    """One conversation, with the register numbers of its cases and whether an answer may leave now."""
    number = call.id("conversation")

    def question(work: Work) -> Whole:
        found = of(work, number)
        guard.ask(call.request, Action.READ, found)
        return told(work, found)

    return whole(call, await call.parts.store.read(question))


def told(work: Work, found: Conversation) -> Whole:
    """What its shape needs, from the same transaction."""
    return Whole(found, work.cases.of_conversation(found.id), work.labels.all())


def whole(call: Call, rows: Whole) -> shapes.Conversation:
    """A conversation as the API tells it."""
    found, cases, known = rows
    able = call.parts.capabilities(found.account, found.surface)
    allowance = found.may_answer(able, call.parts.clock.now()) if able is not None else None
    reply = shapes.MayReply(
        allowed=allowance is not None and allowance.allowed,
        until=allowance.until if allowance else None,
        reason=allowance.reason if allowance else "Akun kanal ini tidak ada lagi di konfigurasi.",
        limit=able.text_limit if able else None,
    )
    numbers = [case.number for case in sorted(cases, key=lambda case: case.id, reverse=True)]
    return Veil(call.token).conversation(found, numbers, reply, known)


async def messages(call: Call) -> shapes.Listed[shapes.Message]:
    """The messages of a conversation, newest first."""
    query: ByNumber = call.query
    number = call.id("conversation")

    def question(work: Work) -> list[Message]:
        guard.ask(call.request, Action.READ, of(work, number))
        return work.messages.thread(number, before_id=query.after, limit=query.limit + 1)

    found = await call.parts.store.read(question)
    page, veil = found[-query.limit :], Veil(call.token)
    more = str(page[0].id) if len(found) > query.limit else None
    return shapes.Listed(items=[veil.message(one) for one in reversed(page)], next=more)


async def message(call: Call) -> shapes.Message:
    """One message: how it stands with its delivery, for instance."""
    number = call.id("message")

    def question(work: Work) -> Message:
        found = work.messages.get(number)
        if found is None:
            raise NotFound("Pesan itu tidak ada.")
        guard.ask(call.request, Action.READ, of(work, found.conversation_id))
        later = work.messages.thread(found.conversation_id, after_id=number, limit=1)
        before = later[0].id if later else None
        dressed = work.messages.thread(found.conversation_id, before_id=before, limit=1)  # with files and reactions
        return next((one for one in dressed if one.id == number), found)

    return Veil(call.token).message(await call.parts.store.read(question))


async def cases(call: Call) -> shapes.Listed[shapes.Case]:
    """A register: running cases by their due day, the others newest first."""
    query: CasesAsked = call.query
    today = pages.wording(call.request).today
    guard.ask(call.request, Action.SEE_LAPOR if query.queue == "lapor" else Action.SEE_REGISTER)
    page = await call.parts.store.read(
        lambda work: work.screens.cases_list(
            Queue(query.queue), scope(call.staff), state=query.state, today=today, after=query.after, limit=query.limit
        )
    )
    veil = Veil(call.token)
    return shapes.Listed(items=[veil.case(row.case, today) for row in page.rows], next=page.after)


async def case(call: Call) -> shapes.CaseWhole:
    """One case, with the ladder of each clock and the words that decided."""
    number = call.request.match_info["number"]

    def question(work: Work) -> Case:
        found = work.cases.by_number(number)
        if found is None:
            raise NotFound(f"Tidak ada kasus bernomor {number}.")
        guard.ask(call.request, Action.READ, found)
        return found

    today: date = pages.wording(call.request).today
    return Veil(call.token).case_whole(await call.parts.store.read(question), today)


async def contacts(call: Call) -> shapes.Listed[shapes.Contact]:
    """Citizens as the accounts know them, the newest first."""
    query: ByNumber = call.query
    eyes = scope(call.staff)
    found = await call.parts.store.read(
        lambda work: work.contacts.page(eyes, after_id=query.after, limit=query.limit + 1)
    )
    page, veil = found[: query.limit], Veil(call.token)
    more = str(page[-1].id) if len(found) > query.limit else None
    return shapes.Listed(items=[veil.contact(one) for one in page], next=more)


async def contact(call: Call) -> shapes.Contact:
    """One citizen, for whoever may read one of their conversations."""
    number, eyes = call.id("contact"), scope(call.staff)
    found = await call.parts.store.read(lambda work: work.contacts.page(eyes, after_id=number + 1, limit=1))
    if not found or found[0].id != number:
        raise NotFound("Warga itu tidak ada.")
    return Veil(call.token).contact(found[0])


async def file(call: Call) -> web.StreamResponse:
    """The bytes of an attachment, or the part that `Range` asks for."""
    return await files.give(call.request, call.id("file"))


async def events(call: Call) -> shapes.Listed[shapes.Happened]:
    """What happened after an id, oldest first: ask again with `next` to follow. `next` is never null here; a page may hold
    fewer rows than it looked at, where others may not be seen."""
    query: ByNumber = call.query
    after = query.after or 0

    def question(work: Work) -> tuple[list[Happening], int]:
        found = work.screens.happened(after, min(query.limit, HAPPENED_MOST))
        heard = [one for one in found if _audible(work, call, one)]
        return heard, found[-1].id if found else after

    heard, last = await call.parts.store.read(question)
    veil = Veil(call.token)
    return shapes.Listed(items=[veil.happened(one) for one in heard], next=str(last))


def _audible(work: Work, call: Call, one: Happening) -> bool:
    if one.conversation_id is None and one.thing not in hub.ASKS:
        return bool(may(call.staff, Action.SEE_AUDIT))
    asked = hub.limited(call.staff) and one.conversation_id is not None
    return hub.audible(call.staff, one, work.conversations.get(one.conversation_id or 0) if asked else None)


OPERATIONS = [
    Operation(
        method="GET",
        path="/me",
        name="whoAmI",
        summary="Whose hands this token is",
        tag="token",
        action=Action.SEE_DESK,
        handler=me,
        answer=shapes.Who,
    ),
    Operation(
        method="GET",
        path="/conversations",
        name="listConversations",
        summary="A work list, or a search over all years",
        tag="conversations",
        action=Action.SEE_DESK,
        handler=conversations,
        answer=shapes.Listed[shapes.ConversationLine],
        query=ConversationsAsked,
    ),
    Operation(
        method="GET",
        path="/conversations/{conversation}",
        name="getConversation",
        summary="One conversation",
        tag="conversations",
        action=Action.READ,
        handler=conversation,
        answer=shapes.Conversation,
        says=(404,),
    ),
    Operation(
        method="GET",
        path="/conversations/{conversation}/messages",
        name="listMessages",
        summary="Its messages, newest first",
        tag="messages",
        action=Action.READ,
        handler=messages,
        answer=shapes.Listed[shapes.Message],
        query=ByNumber,
        says=(404,),
    ),
    Operation(
        method="GET",
        path="/messages/{message}",
        name="getMessage",
        summary="One message and how it stands with its delivery",
        tag="messages",
        action=Action.READ,
        handler=message,
        answer=shapes.Message,
        says=(404,),
    ),
    Operation(
        method="GET",
        path="/cases",
        name="listCases",
        summary="A register",
        tag="cases",
        action=Action.SEE_DESK,
        handler=cases,
        answer=shapes.Listed[shapes.Case],
        query=CasesAsked,
    ),
    Operation(
        method="GET",
        path="/cases/{number}",
        name="getCase",
        summary="One case with its clocks and reasons",
        tag="cases",
        action=Action.READ,
        handler=case,
        answer=shapes.CaseWhole,
        says=(404,),
    ),
    Operation(
        method="GET",
        path="/contacts",
        name="listContacts",
        summary="Citizens, newest first",
        tag="contacts",
        action=Action.READ,
        handler=contacts,
        answer=shapes.Listed[shapes.Contact],
        query=ByNumber,
    ),
    Operation(
        method="GET",
        path="/contacts/{contact}",
        name="getContact",
        summary="One citizen",
        tag="contacts",
        action=Action.READ,
        handler=contact,
        answer=shapes.Contact,
        says=(404,),
    ),
    Operation(
        method="GET",
        path="/files/{file}",
        name="getFile",
        summary="The bytes of an attachment",
        tag="files",
        action=Action.READ,
        handler=file,
        answer=None,
        says=(404, 416),
    ),
    Operation(
        method="GET",
        path="/events",
        name="listEvents",
        summary="What happened, oldest first; ask again with `next` to follow",
        tag="events",
        action=Action.SEE_DESK,
        handler=events,
        answer=shapes.Listed[shapes.Happened],
        query=ByNumber,
    ),
]
