"""What the citizen will see of an answer, on their channel, before it leaves: cut into messages, caption or not, subject."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiohttp import web

from omnichannel.domain.channel import STANZAS, Capabilities
from omnichannel.domain.composing import Way
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid, Refused
from omnichannel.domain.length import length
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import of, parts_of
from omnichannel.web import drafts, filling, guard, pages
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

NUMBER = "{conversation:\\d{1,18}}"


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as it arrives: its words, its files, and how it is put together."""

    text: str
    files: tuple[str, ...] = ()
    said: str = ""


def routes() -> list[web.RouteDef]:
    return [web.post(f"/percakapan/{NUMBER}/pratinjau", guard.allow(show, Action.NOTE))]


async def show(request: web.Request) -> web.StreamResponse:
    """Nothing is kept and nothing leaves."""
    fields, wording, parts = await guard.fields(request), pages.wording(request), house(request)
    number, text, way = (
        int(request.match_info["conversation"]),
        drafts.words_of(fields, "text"),
        str(fields.get("ke", "")),
    )

    def question(work: Work) -> Conversation:
        conversation = of(work, number)
        guard.ask(request, Action.NOTE, conversation)
        return conversation

    conversation = await parts.store.read(question)
    whole = parts.capabilities(conversation.account, conversation.surface)
    can = whole.private if whole is not None and way == Way.ASIDE else whole
    names = drafts.names_of(drafts.words_of(fields, "berkas"))
    warn = ""
    try:
        filling.whole(text)
        messages = arriving(text.strip(), names, can, wording) if can is not None else []
        if messages and can is not None and can.history:
            below = wording.t("Di bawahnya ikut riwayat percakapan ini, seperti balasan surel pada umumnya.")
            messages[-1] = replace(messages[-1], said=" · ".join(filter(None, (messages[-1].said, below))))
    except (Refused, Invalid) as problem:
        messages, warn = [], wording.t(str(problem))
    return web.json_response(
        {
            "title": wording.t(
                "Begini warga membacanya di {kanal}", kanal=wording.t(STANZAS[conversation.channel].word)
            ),
            "subject": _subject(conversation, can, wording),
            "messages": [{"text": one.text, "files": one.files, "said": one.said} for one in messages],
            "warn": warn,
        }
    )


def arriving(text: str, files: Sequence[str], can: Capabilities, wording: Wording) -> list[Seen]:
    """The messages in the order in which they arrive. TooLong."""
    pieces = list(parts_of(text, can)) if text else []
    if any(length(piece, can.counts) > can.text_limit for piece in pieces):
        many = max(length(piece, can.counts) for piece in pieces)
        raise Refused(f"Teks {many} huruf; kanal ini menerima paling banyak {can.text_limit}.")
    total, t = len(pieces), wording.t
    seen = [
        Seen(piece, (), t("Pesan {n} dari {m}", n=n, m=total) if total > 1 else "") for n, piece in enumerate(pieces, 1)
    ]
    if not files:
        return seen
    last = seen[-1] if seen else None
    fits = last is not None and (can.caption is None or length(last.text, can.counts) <= can.caption)
    if last is None:
        return [Seen("", tuple(files))]
    if fits:
        word = (
            t("Berkas dan kata-katanya satu pesan")
            if can.caption is None
            else t("Kata-katanya menjadi keterangan berkas")
        )
        return [*seen[:-1], Seen(last.text, tuple(files), word)]
    word = (
        t("Terlalu panjang untuk keterangan berkas ({n} huruf), jadi berkasnya menyusul", n=can.caption)
        if can.caption
        else t("Berkasnya menyusul sebagai pesan tersendiri")
    )
    return [*seen, Seen("", tuple(files), word)]


def _subject(conversation: Conversation, can: Capabilities | None, wording: Wording) -> str:
    if can is None or not can.subject:
        return ""
    subject = conversation.subject or ""
    return subject if subject.lower().startswith("re:") else f"Re: {subject}" if subject else wording.t("Balasan")
