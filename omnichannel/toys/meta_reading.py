"""What an office may read on the toy Graph: conversations, posts with their comments, people's names; page by page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from omnichannel.toys.base import Line
from omnichannel.toys.graph import Problem
from omnichannel.toys.meta_citizen import Citizen, Comment

if TYPE_CHECKING:
    from omnichannel.toys.meta import MetaToy

Item = dict[str, Any]
TALK = "t_"
SITE = "https://mainan.example"


class Reading:
    """The questions of an office. `no_right` names the lists that its token may not read."""

    def __init__(self, toy: "MetaToy") -> None:
        self._toy = toy
        self.no_right: set[str] = set()
        self.page_size = 25
        toy.get("/{node}/conversations", "conversations", self._conversations)
        toy.get("/{node}/messages", "read_messages", self._messages)
        toy.get("/{node}/feed", "feed", self._feed)
        toy.get("/{node}/media", "media", self._media)
        toy.get("/{node}/comments", "read_comments", self._comments)

    def profile(self, citizen: Citizen) -> Item:
        """GET /{citizen}: the name; on Instagram of those alone who wrote to us directly."""
        self._allowed("profile")
        if self._toy.object == "instagram" and citizen.last is None:
            raise Problem(403, 230, "(#230) User consent is required to access user profile")
        return {"id": citizen.id, "name": citizen.name} | (
            {"username": citizen.handle} if self._toy.object == "instagram" else {}
        )

    def post(self, number: str) -> Item:
        """GET /{post} or /{media}: what stands above the comments."""
        self._allowed("post")
        text, at = self._toy.posts[number], _time(self._times(number)[0])
        if self._toy.object == "page":
            return {"id": number, "message": text, "permalink_url": f"{SITE}/{number}", "created_time": at}
        return {
            "id": number,
            "caption": text,
            "permalink": f"{SITE}/p/{number}",
            "timestamp": at,
            "media_type": "IMAGE",
        }

    async def _conversations(self, request: web.Request, node: str) -> Item:
        self._allowed("conversations")
        if node not in (self._toy.page_id, "me"):
            raise self._toy.missing(node)
        if request.query.get("platform", "messenger") != ("messenger" if self._toy.object == "page" else "instagram"):
            return {"data": []}
        talks = [citizen for citizen in self._toy.citizens.values() if self._toy.chat_lines.get(citizen.id)]
        talks.sort(key=lambda citizen: self._toy.chat_lines[citizen.id][-1].at, reverse=True)
        return self._page(request, talks, self._talk)

    def _talk(self, citizen: Citizen) -> Item:
        lines = self._toy.chat_lines[citizen.id]
        newest = [self._message(citizen, line) for line in reversed(lines)]
        inside: Item = {"data": newest[:20]}
        if len(newest) > 20:
            inside["paging"] = {"cursors": {"after": "20"}, "next": "https://graph.example/next"}
        return {"id": f"{TALK}{citizen.id}", "updated_time": _time(lines[-1].at), "messages": inside}

    async def _messages(self, request: web.Request, node: str) -> Item:
        citizen = self._toy.known(node.removeprefix(TALK))
        if citizen is None:
            raise self._toy.missing(node)
        if self._toy.object == "instagram" and request.query.get("after"):
            raise Problem(400, 100, "(#100) The message was deleted", subcode=33)
        lines = list(reversed(self._toy.chat_lines.get(citizen.id, [])))
        return self._page(request, lines, lambda line: self._message(citizen, line))

    def _message(self, citizen: Citizen, line: Line) -> Item:
        them, us = {"id": citizen.id, "name": citizen.name}, {"id": self._toy.entry_id, "name": "Humas Toy"}
        if self._toy.object == "instagram":
            them, us = (
                {"id": citizen.id, "username": citizen.handle},
                {"id": self._toy.entry_id, "username": "humas.toy"},
            )
        told: Item = {"id": line.id, "created_time": _time(line.at), "message": line.text}
        told |= {"from": them if line.mine else us, "to": {"data": [us if line.mine else them]}}
        files = [(number, self._toy.files[number]) for number in self._toy.messages.get(line.id, ())]
        if files:
            told["attachments"] = {
                "data": [self._toy.described(number, file, self._toy.link(number)) for number, file in files]
            }
        return told

    async def _feed(self, request: web.Request, node: str) -> Item:
        self._allowed("feed")
        posts = sorted(self._toy.posts, reverse=True) if self._toy.object == "page" else []
        return self._page(request, posts, self._post)

    def _post(self, number: str) -> Item:
        born, last = self._times(number)
        us = {"id": self._toy.page_id, "name": "Humas Toy"}
        told = {"id": number, "message": self._toy.posts[number], "from": us}
        return told | {"created_time": _time(born), "updated_time": _time(last)}

    async def _media(self, request: web.Request, node: str) -> Item:
        self._allowed("media")
        if node != self._toy.instagram_id:
            raise self._toy.missing(node)
        return self._page(request, sorted(self._toy.posts, reverse=True), self._medium)

    def _medium(self, number: str) -> Item:
        count = len([one for one in self._toy.comments.values() if one.post == number])
        return {"id": number, "timestamp": _time(self._times(number)[0]), "comments_count": count}

    def _times(self, number: str) -> tuple[datetime, datetime]:
        """When a post came and when something was last said under it; an untouched one is new."""
        said = [one.at for one in self._toy.comments.values() if one.post == number] or [self._toy.now()]
        return self._toy.published.get(number, min(said)), max(said)

    async def _comments(self, request: web.Request, node: str) -> Item:
        self._allowed("comments")
        if node not in self._toy.posts:
            raise self._toy.missing(node)
        under = [one for one in self._toy.comments.values() if one.post == node]
        if self._toy.object == "page":
            return self._page(request, under, self._facebook)
        top = [one for one in reversed(under) if one.parent is None]
        return self._page(request, top, lambda one: self._instagram(one, under))

    def _facebook(self, comment: Comment) -> Item:
        author = comment.author
        said = {"id": author.id, "name": author.name} if author else {"id": self._toy.page_id, "name": "Humas Toy"}
        told: Item = {"id": comment.id, "message": comment.text, "from": said, "created_time": _time(comment.at)}
        return told | ({"parent": {"id": comment.parent}} if comment.parent else {})

    def _instagram(self, comment: Comment, under: Sequence[Comment]) -> Item:
        author = comment.author
        said = {"id": author.id, "username": author.handle} if author else {"id": self._toy.instagram_id}
        told: Item = {"id": comment.id, "text": comment.text, "from": said, "timestamp": _time(comment.at)}
        replies = [self._instagram(one, ()) for one in under if one.parent == comment.id]
        return told | ({"replies": {"data": replies}} if replies else {})

    def _page(self, request: web.Request, things: Sequence[Any], told: Callable[[Any], Item]) -> Item:
        start = int(request.query.get("after") or 0)
        end = start + min(int(request.query.get("limit") or self.page_size), self.page_size)
        paging: Item = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(things):
            paging["next"] = "https://graph.example/next"
        return {"data": [told(one) for one in things[start:end]], "paging": paging}

    def _allowed(self, what: str) -> None:
        if what in self.no_right:
            raise Problem(403, 10, f"(#10) This endpoint requires a permission for {what}")


def _time(at: datetime) -> str:
    """As the Graph writes moments."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")
