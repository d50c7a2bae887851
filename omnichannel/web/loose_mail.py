"""Mails that no thread could be found for, with what they may be part of: joined with one click, and taken back with one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.guesses import Guess, Verdict
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Work
from omnichannel.inbox import joining
from omnichannel.inbox.reply import of
from omnichannel.web import guard, pages, scene
from omnichannel.web.keys import house

LONGEST = 18  # digits of a row's number
NUMBER = "{conversation:\\d{1,18}}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One conversation that it may be part of."""

    guess: Guess
    other: Conversation
    name: str


@dataclass(frozen=True, slots=True)
class Loose:
    """One mail, what it may be part of, and where it was put."""

    conversation: Conversation
    name: str
    choices: tuple[Choice, ...]
    joined: Choice | None


def routes() -> list[web.RouteDef]:
    return [
        web.get("/surel-lepas", guard.allow(tray, Action.SEE_DESK)),
        web.post(f"/percakapan/{NUMBER}/gabung", guard.allow(join, Action.RESOLVE)),
        web.post(f"/percakapan/{NUMBER}/pisah", guard.allow(part, Action.RESOLVE)),
        web.post(f"/percakapan/{NUMBER}/sendiri", guard.allow(keep_apart, Action.RESOLVE)),
    ]


async def tray(request: web.Request) -> web.StreamResponse:
    """Oldest first: who waits longest."""
    staff = guard.staff(request)

    def question(work: Work) -> list[Loose]:
        numbers = list(dict.fromkeys(one.conversation_id for one in work.guesses.open()))
        found = [loose(work, staff, number) for number in numbers]
        return [one for one in found if one is not None and may(staff, Action.READ, one.conversation)]

    seen, found = await scene.read(request, question)
    context: dict[str, Any] = scene.setting(request, seen, "surel-lepas") | {"found": found}
    return pages.page(request, "loose_mail.html", **context)


def loose(work: Work, staff: Staff, conversation_id: int) -> Loose | None:
    """None where nothing was guessed. A conversation that this person may not read is not named to them."""
    guesses = work.guesses.of(conversation_id)
    conversation = work.conversations.get(conversation_id) if guesses else None
    if conversation is None:
        return None
    choices = []
    for guess in guesses:
        other = work.conversations.get(guess.other_id)
        if other is not None and may(staff, Action.READ, other):
            choices.append(Choice(guess, other, _name(work, other)))
    open_ = tuple(one for one in choices if one.guess.verdict is None)
    joined = next((one for one in choices if one.guess.verdict is Verdict.JOINED), None)
    return Loose(conversation, _name(work, conversation), open_, joined) if open_ or joined else None


async def join(request: web.Request) -> web.StreamResponse:
    """It is part of that one."""
    fields = await guard.fields(request)
    chosen = str(fields.get("ke", ""))
    other = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) <= LONGEST else 0
    staff, now = guard.staff(request), house(request).clock.now()

    def story(work: Work, one: Conversation) -> int:
        guard.ask(request, Action.RESOLVE, of(work, other))
        return joining.join(work, staff, one.id, other, now).id

    number = await _change(request, story)
    return web.Response(status=303, headers={"Location": f"/kotak/semua/{number}?kabar=surel-gabung"})


async def part(request: web.Request) -> web.StreamResponse:
    """It was not, after all."""
    staff, now = guard.staff(request), house(request).clock.now()
    await guard.fields(request)
    number = await _change(request, lambda work, one: joining.part(work, staff, one.id, now).id)
    return web.Response(status=303, headers={"Location": f"/kotak/semua/{number}?kabar=surel-pisah"})


async def keep_apart(request: web.Request) -> web.StreamResponse:
    """A matter of its own."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()

    def story(work: Work, one: Conversation) -> int:
        joining.keep_apart(work, staff, one.id, now)
        return one.id

    await _change(request, story)
    return scene.back(fields, "/surel-lepas", "tersimpan")


async def _change(request: web.Request, story: Callable[[Work, Conversation], int]) -> int:
    number = int(request.match_info["conversation"])

    def asked(work: Work) -> int:
        conversation = of(work, number)
        guard.ask(request, Action.RESOLVE, conversation)
        return story(work, conversation)

    return await house(request).store.write(asked)


def _name(work: Work, conversation: Conversation) -> str:
    contact = work.contacts.get(conversation.contact_id)
    return contact.label if contact is not None else f"#{conversation.id}"
