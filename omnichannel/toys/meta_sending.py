"""What an office may say on the toy Graph, and what the real one would refuse."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from omnichannel.toys.base import Line, ToyFile
from omnichannel.toys.graph import FORM, Problem
from omnichannel.toys.meta_citizen import Comment

if TYPE_CHECKING:
    from omnichannel.toys.meta import MetaToy
    from omnichannel.toys.meta_citizen import Citizen

WINDOW, LATE = timedelta(hours=24), timedelta(days=7)
Item = dict[str, Any]


class Sending:
    """The calls of an office."""

    def __init__(self, toy: "MetaToy") -> None:
        self._toy = toy

    async def message(self, request: web.Request, node: str) -> Item:
        """POST /{page}/messages."""
        self._ours(node)
        said = await request.json()
        if "sender_action" in said:
            return self._acted(said)
        held = said.get("message") or {}
        comment = (said.get("recipient") or {}).get("comment_id")
        citizen = self._privately(comment) if comment else self._citizen(said)
        text, files = self._content(held)
        mid = self._toy.mid()
        citizen.hears(Line(False, text, self._toy.now(), files, mid))
        if comment:
            self._toy.comments[comment] = replace(self._toy.comments[comment], answered_privately=True)
        if self._toy.receipts:
            self._echo(citizen, mid, held)
        return {"recipient_id": citizen.id, "message_id": mid}

    def _acted(self, said: Item) -> Item:
        """An action goes alone; it opens no window and needs none."""
        found = self._toy.known((said.get("recipient") or {}).get("id"))
        if found is None or "message" in said:
            raise Problem(400, 100, "(#100) No matching user found", subcode=self._toy.nobody)
        if said["sender_action"] not in ("mark_seen", "typing_on", "typing_off"):
            raise Problem(400, 100, "(#100) Param sender_action must be one of MARK_SEEN, TYPING_ON, TYPING_OFF")
        self._toy.acted.append((found.id, said["sender_action"]))
        return {"recipient_id": found.id}

    async def attachment(self, request: web.Request, node: str) -> Item:
        """POST /{page}/message_attachments: a form with the message as JSON and the bytes."""
        self._ours(node)
        form = request.get(FORM, {})
        file, told = form.get("filedata"), form.get("message")
        if not isinstance(file, ToyFile) or not isinstance(told, str) or "attachment" not in json.loads(told):
            raise Problem(400, 100, "(#100) Upload attachment failure.", subcode=2018047)
        return {"attachment_id": self._toy.keep(file)}

    async def comment(self, request: web.Request, node: str) -> Item:
        """POST /{post or comment}/comments; under a comment that is Facebook's way alone."""
        if node not in self._toy.posts and (self._toy.object != "page" or node not in self._toy.comments):
            raise self._toy.missing(node)
        return await self._publish(request, node)

    async def reply(self, request: web.Request, node: str) -> Item:
        """POST /{comment}/replies: Instagram's way; hidden comments cannot be answered."""
        known = self._toy.comments.get(node)
        if self._toy.object != "instagram" or known is None or known.hidden:
            raise self._toy.missing(node)
        return await self._publish(request, known.parent or node)

    async def hide(self, request: web.Request, node: str) -> Item:
        """POST /{comment} with the platform's own flag."""
        known, told = self._toy.comments.get(node), (await request.json()).get(self._toy.hidden_flag)
        if known is None:
            raise self._toy.missing(node)
        if not isinstance(told, bool):
            raise Problem(400, 100, f"(#100) Param {self._toy.hidden_flag} must be a boolean")
        self._toy.comments[node] = replace(known, hidden=told)
        self._toy.tell_comment(self._toy.comments[node], "hide" if told else "unhide")
        return {"success": True}

    async def _publish(self, request: web.Request, node: str) -> Item:
        text = _checked((await request.json()).get("message"), self._toy.comment_limit)
        known = self._toy.comments.get(node)
        post = known.post if known else node
        number = f"{post.rpartition('_')[2]}_{self._toy.serial()}"
        made = Comment(number, post, None, text, self._toy.now(), node if known else None)
        self._toy.comments[number] = made
        for reader in self._readers(known, post):
            reader.hears(Line(False, text, made.at, (), number), post)
        self._toy.tell_comment(made, "add")
        return {"id": number}

    def _readers(self, known: Comment | None, post: str) -> "list[Citizen]":
        """Whoever is answered; under the post itself, everybody who wrote there."""
        if known is not None and known.author is not None:
            return [known.author]
        return list(
            {
                one.author.id: one.author for one in self._toy.comments.values() if one.post == post and one.author
            }.values()
        )

    def _ours(self, node: str) -> None:
        if node not in (self._toy.page_id, "me"):
            raise self._toy.missing(node)

    def _citizen(self, said: Item) -> "Citizen":
        """Within 24 hours; with the tag of a person within 7 days."""
        found = self._toy.known((said.get("recipient") or {}).get("id"))
        if found is None:
            raise Problem(400, 100, "(#100) No matching user found", subcode=self._toy.nobody)
        if found.blocked:
            raise self._toy.problems["blocked"]
        tagged = said.get("messaging_type") == "MESSAGE_TAG" and said.get("tag") == "HUMAN_AGENT"
        if not tagged and said.get("messaging_type") != "RESPONSE":
            raise Problem(400, 100, "(#100) Param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG")
        allowed = LATE if tagged else WINDOW
        if found.last_at is None or self._toy.now() - found.last_at >= allowed:
            raise Problem(403, 10, "(#10) This message is sent outside of allowed window.", subcode=self._toy.too_late)
        return found

    def _privately(self, comment: str) -> "Citizen":
        known = self._toy.comments.get(comment)
        if known is None:
            raise self._toy.missing(comment)
        if known.author is None:
            raise Problem(400, 10903, "(#10903) This user cant reply to this activity")
        if known.answered_privately:
            raise Problem(400, 10900, "(#10900) Activity already replied to")
        if self._toy.now() - known.at >= LATE:
            raise Problem(400, 10901, "(#10901) Activity is too old to be replied to")
        return known.author

    def _content(self, held: Item) -> tuple[str, tuple[str, ...]]:
        attachment = held.get("attachment")
        if attachment is None:
            return _checked(held.get("text"), self._toy.text_limit), ()
        file = self._toy.files.get(attachment.get("payload", {}).get("attachment_id", ""))
        if file is None or "text" in held:
            raise Problem(400, 100, "(#100) Invalid parameter", subcode=2018074)
        return "", (file.name,)

    def _echo(self, citizen: "Citizen", mid: str, held: Item) -> None:
        now = int(self._toy.now().timestamp() * 1000)
        message: Item = {"mid": mid, "is_echo": True, "app_id": int(self._toy.app_id)}
        message |= {key: held[key] for key in ("text", "metadata") if key in held}
        sent = {"sender": {"id": self._toy.entry_id}, "recipient": {"id": citizen.id}, "timestamp": now}
        seen = {"sender": {"id": citizen.id}, "recipient": {"id": self._toy.entry_id}, "timestamp": now}
        self._toy.tell({**sent, "message": message})
        if self._toy.object == "page":
            self._toy.tell({**seen, "delivery": {"mids": [mid], "watermark": now}})
        else:
            self._toy.tell({**seen, "read": {"mid": mid}})


def _checked(text: object, limit: int) -> str:
    if not isinstance(text, str) or not text.strip():
        raise Problem(400, 100, "(#100) The parameter message is required.")
    if len(text) > limit:
        raise Problem(400, 100, f"(#100) Length of param message[text] must be less than or equal to {limit}")
    return text
