"""News for one officer (named, handed over, taken over, followed), and following a conversation."""

from typing import Any

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.together import Nudge, NudgeKind
from omnichannel.domain.work import Work
from omnichannel.inbox import telling
from omnichannel.inbox.reply import of
from omnichannel.web import guard, labels, pages, scene
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

NUMBER = "{conversation:\\d{1,18}}"
COUNT = "kabar"
TOASTS = 3
SENTENCES = {
    NudgeKind.MENTION: "{siapa} menyebut Anda",
    NudgeKind.HANDOVER: "{siapa} menyerahkan percakapan kepada Anda",
    NudgeKind.TAKEOVER: "{siapa} mengambil alih percakapan Anda",
    NudgeKind.WOKE: "Kembali dari tunda",
    NudgeKind.FOLLOW: "Ada kabar di percakapan yang Anda ikuti",
}
GIVEN_ON = "{siapa} menyerahkan percakapan Anda kepada {ke}"
LET_GO = "{siapa} melepas percakapan Anda"


def routes() -> list[web.RouteDef]:
    return [
        web.get("/kabar", guard.allow(page, Action.SEE_DESK)),
        web.get("/kabar/terbaru", guard.allow(newest, Action.SEE_DESK)),
        web.post("/kabar/dibaca", guard.allow(read_all, Action.NOTE)),
        web.post(f"/percakapan/{NUMBER}/kabar", guard.allow(read_here, Action.NOTE)),
        web.post(f"/percakapan/{NUMBER}/ikuti", guard.allow(follow, Action.NOTE)),
        web.post(f"/percakapan/{NUMBER}/lepas-ikut", guard.allow(unfollow, Action.NOTE)),
    ]


async def page(request: web.Request) -> web.StreamResponse:
    """All news for me, the unread on top."""
    staff = guard.staff(request)
    seen, found = await scene.read(request, lambda work: _mine(work, staff))
    wording = pages.wording(request)
    rows = [_row(nudge, who, wording) for nudge, who in found]
    context: dict[str, Any] = scene.setting(request, seen, "kabar") | {"rows": rows}
    return pages.page(request, "news.html", **context)


async def newest(request: web.Request) -> web.StreamResponse:
    """The latest unread, as the page says them in passing."""
    staff, wording = guard.staff(request), pages.wording(request)
    found = await house(request).store.read(lambda work: _mine(work, staff, TOASTS))
    rows = [_row(nudge, who, wording) for nudge, who in found]
    return web.json_response({"news": [row | {"at": row["at"].isoformat()} for row in rows if not row["read"]]})


async def read_all(request: web.Request) -> web.StreamResponse:
    """I know."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    await house(request).store.write(lambda work: telling.read(work, staff, now))
    return scene.back(fields, "/kabar")


async def read_here(request: web.Request) -> web.StreamResponse:
    """What I was told of this conversation is known. `pesan` says that the word handed over is read as well."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    word = fields.get("pesan") == "dibaca"

    def story(work: Work, one: Conversation) -> None:
        telling.read(work, staff, now, one, word=word)

    return await _change(request, story, fields)


async def follow(request: web.Request) -> web.StreamResponse:
    """Tell me what happens here."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    return await _change(request, lambda work, one: telling.follow(work, staff, one, now), fields)


async def unfollow(request: web.Request) -> web.StreamResponse:
    """No more."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    return await _change(request, lambda work, one: telling.unfollow(work, staff, one, now), fields)


async def opened(request: web.Request, conversation: Conversation, counts: dict[str, int]) -> None:
    """Somebody has the conversation before their eyes: what they were told of it is news no more."""
    staff = guard.staff(request)
    if counts.get(COUNT) and may(staff, Action.NOTE, conversation):
        now = house(request).clock.now()
        await house(request).store.write(lambda work: telling.read(work, staff, now, conversation, word=False))


async def _change(request: web.Request, story: Any, fields: guard.Fields) -> web.StreamResponse:
    number = int(request.match_info["conversation"])

    def asked(work: Work) -> None:
        conversation = of(work, number)
        guard.ask(request, Action.NOTE, conversation)
        story(work, conversation)

    await house(request).store.write(asked)
    return scene.back(fields, f"/kotak/semua/{number}")


def _mine(work: Work, staff: Staff, limit: int = 100) -> list[tuple[Nudge, str]]:
    """With the citizen's name; what has gone to another unit since is not told."""
    found = []
    for nudge in work.together.nudges(staff.id, limit):
        conversation = work.conversations.get(nudge.conversation_id)
        if conversation is None or not may(staff, Action.READ, conversation):
            continue
        contact = work.contacts.get(conversation.contact_id)
        found.append((nudge, labels.citizen(contact.label) if contact else f"#{conversation.id}"))
    return found


def _row(nudge: Nudge, citizen: str, wording: Wording) -> dict[str, Any]:
    at = f"?pesan={nudge.message_id}" if nudge.message_id else ""
    told = nudge.words if nudge.kind in (NudgeKind.MENTION, NudgeKind.HANDOVER) else None
    return {
        "id": nudge.id,
        "words": wording.t(_sentence(nudge), siapa=nudge.by, ke=nudge.words or ""),
        "said": told or "",
        "citizen": citizen,
        "href": f"/kotak/semua/{nudge.conversation_id}{at}",
        "conversation": nudge.conversation_id,
        "at": nudge.at,
        "read": nudge.read_at is not None,
        "kind": nudge.kind.value,
    }


def _sentence(nudge: Nudge) -> str:
    if nudge.kind is not NudgeKind.TAKEOVER or nudge.words == nudge.by:
        return SENTENCES[nudge.kind]
    return GIVEN_ON if nudge.words else LET_GO
