"""Drafts that the server keeps for their writer: saved while they write, offered on any device."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiohttp import web

from omnichannel.domain.composing import Draft, Way
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Work
from omnichannel.inbox import drafts
from omnichannel.inbox.reply import of
from omnichannel.web import guard, pages, talk
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

NUMBER = "{conversation:\\d{1,18}}"
TAB = "tab"


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"/percakapan/{NUMBER}/draf", guard.allow(read, Action.NOTE)),
        web.post(f"/percakapan/{NUMBER}/draf", guard.allow(save, Action.NOTE)),
        web.post(f"/percakapan/{NUMBER}/draf/lain", guard.allow(other, Action.NOTE)),
    ]


async def read(request: web.Request) -> web.StreamResponse:
    """The draft as it stands now, for a page that was asleep."""
    number, staff = int(request.match_info["conversation"]), guard.staff(request)

    def question(work: Work) -> Draft | None:
        guard.ask(request, Action.NOTE, of(work, number))
        return work.drafts.get(staff.id, number)

    return _told(request, await house(request).store.read(question))


async def save(request: web.Request) -> web.StreamResponse:
    """Keep it; a page that is being left says so without waiting for the answer."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    number, text = int(request.match_info["conversation"]), words_of(fields, "text")
    way = words_of(fields, "ke")

    def story(work: Work) -> Draft | None:
        guard.ask(request, Action.NOTE, of(work, number))
        return drafts.save(
            work,
            staff,
            number,
            text,
            tab=words_of(fields, TAB)[: drafts.LONGEST_TAB],
            seen=number_of(words_of(fields, "versi")) or 0,
            way=Way(way) if way in set(Way) else Way.REPLY,
            comment_id=number_of(words_of(fields, "komentar")),
            files=names_of(words_of(fields, "berkas")),
            now=now,
        )

    return _told(request, await house(request).store.write(story))


async def other(request: web.Request) -> web.StreamResponse:
    """Take the text that another page of mine wrote (`pakai`), or throw it away."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    number = int(request.match_info["conversation"])
    try:
        at = datetime.fromisoformat(words_of(fields, "saat"))
    except ValueError:
        raise Invalid("Tulisan itu tidak ada lagi.") from None
    what = drafts.swap if fields.get("perbuat") == "pakai" else drafts.throw_away

    def story(work: Work) -> Draft | None:
        guard.ask(request, Action.NOTE, of(work, number))
        return what(work, staff, number, at, now=now)

    draft = await house(request).store.write(story)
    if "HX-Request" in request.headers:
        return _told(request, draft)
    return web.Response(status=303, headers={"Location": f"/kotak/semua/{number}"})


def mine(work: Work, staff: Staff, conversation: Conversation) -> Draft | None:
    """What this reader has begun to write there, if they may write there still."""
    if not may(staff, Action.NOTE, conversation):
        return None
    return work.drafts.get(staff.id, conversation.id)


def laid_into(shown_talk: talk.Talk, draft: Draft | None, wording: Wording) -> talk.Talk:
    """The page with the draft in its composer, unless something else stands there already."""
    held = replace(shown_talk, saved=shown(draft, wording))
    if draft is None or held.draft or held.error:
        return held
    return replace(held, draft=draft.text, as_note=draft.way is Way.NOTE)


def tab_of(fields: guard.Fields) -> str:
    """The page that sends this form."""
    return words_of(fields, TAB)[: drafts.LONGEST_TAB]


def shown(draft: Draft | None, wording: Wording) -> dict[str, Any]:
    """As the composer and its script read it."""
    if draft is None:
        return {"version": 0, "text": "", "to": "", "files": [], "rivals": []}
    others = [one for one in reversed(draft.rivals) if one.text.strip() != draft.text.strip()]
    rivals = [{"at": one.at.isoformat(), "said": wording.moment(one.at), "text": one.text} for one in others]
    saved = {"text": draft.text, "to": draft.way.value, "files": list(draft.files), "rivals": rivals}
    return saved | {"version": draft.version, "comment": draft.comment_id}


def _told(request: web.Request, draft: Draft | None) -> web.Response:
    return web.json_response(shown(draft, pages.wording(request)))


def number_of(text: str) -> int | None:
    """A number from a form; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def words_of(fields: guard.Fields, name: str) -> str:
    """A field's text as we keep it; a file is no word."""
    value = fields.get(name, "")
    return value.replace("\r\n", "\n").replace("\0", "") if isinstance(value, str) else ""


def names_of(text: str) -> list[str]:
    """Names of chosen files, as the script lists them; anything else is none."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
