"""The toy X's API v2: who may ask, what is listed, what may be posted."""

import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote

from aiohttp import web

from omnichannel.toys.base import Line
from omnichannel.toys.x_citizen import stamp
from omnichannel.toys.x_uploads import PROBLEMS, Problem, Uploads, files_of

if TYPE_CHECKING:
    from omnichannel.toys.x import XToy

Item = dict[str, Any]
Answering = Callable[[web.Request], Awaitable[Item]]


class Server:
    """Every route, and the rules behind it."""

    def __init__(self, toy: "XToy") -> None:
        self._toy = toy
        self.app = web.Application(client_max_size=60 * 1024 * 1024)
        for method, path, call, answer in (
            ("GET", "/2/users/me", "me", self._me),
            ("GET", "/2/users/{id}/mentions", "mentions", self._mentions),
            ("GET", "/2/dm_events", "dm_events", self._dm_events),
            ("POST", "/2/dm_conversations/with/{reader}/messages", "message", self._message),
            ("POST", "/2/dm_conversations/{thread}/messages", "message", self._message),
            ("POST", "/2/tweets", "tweets", self._post),
            ("GET", "/2/tweets/{number}", "tweet", self._tweet),
            *Uploads(toy).routes(),
        ):
            self.app.router.add_route(method, path, self._guarded(call, answer))
        self.app.router.add_post("/2/oauth2/token", self._refresh)
        self.app.router.add_get("/2/dm_conversations/media/{path:.+}", self._download)
        self.app.router.add_get("/{path:(?:media|1.1)/.+}", self._download)

    def _guarded(self, call: str, answer: Answering) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            said = json.loads(body) if body else dict(request.query)
            self._toy.calls.append((call, said))
            struck = await self._struck(request, call)
            if struck is not None:
                return struck
            try:
                if not self._is_authorized(request):
                    raise PROBLEMS["unauthorized"]
                return web.json_response(await answer(request), headers=self._limits(), status=_success(request))
            except Problem as problem:
                return self._refusal(problem)

        return guarded

    async def _struck(self, request: web.Request, call: str) -> web.StreamResponse | None:
        fault = self._toy.faults.take(call)
        if fault is None:
            return None
        return await self._toy.faults.strike(fault, request) or self._refusal(PROBLEMS[fault.kind], fault.seconds)

    def _refusal(self, problem: Problem, seconds: int = 0) -> web.Response:
        told: Item = {"title": problem.title, "detail": problem.detail, "type": problem.kind, "status": problem.status}
        if problem.code is not None:
            told["errors"] = [{"code": problem.code, "message": problem.detail}]
        # X says nothing of Retry-After: only when the window opens again.
        return web.json_response(told, status=problem.status, headers=self._limits(seconds))

    def _limits(self, seconds: int = 900) -> dict[str, str]:
        now = int(self._toy.now().timestamp())
        return {
            "x-rate-limit-limit": "15",
            "x-rate-limit-remaining": "0" if seconds < 900 else "14",
            "x-rate-limit-reset": str(now + seconds),
            "Date": formatdate(now, usegmt=True),
        }

    # ---- who asks

    def _is_authorized(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "")
        if given.startswith("Bearer "):
            return given.removeprefix("Bearer ") in self._toy.bearers
        if not given.startswith("OAuth "):
            return False
        fields = dict(one.split("=", 1) for one in given.removeprefix("OAuth ").split(", "))
        held = {name: unquote(value.strip('"')) for name, value in fields.items()}
        signature = held.pop("oauth_signature", "")
        known = (held.get("oauth_consumer_key"), held.get("oauth_token"))
        if known != (self._toy.consumer_key, self._toy.access_token):
            return False
        pairs = [*parse_qsl(request.query_string, keep_blank_values=True), *held.items()]
        normal = "&".join(f"{name}={value}" for name, value in sorted((_coded(a), _coded(b)) for a, b in pairs))
        base = "&".join(map(_coded, (request.method, f"{self._toy.base}{request.path}", normal)))
        key = f"{_coded(self._toy.consumer_secret)}&{_coded(self._toy.access_secret)}"
        wanted = base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()
        return hmac.compare_digest(wanted, signature)

    async def _refresh(self, request: web.Request) -> web.StreamResponse:
        """A new pair for an old one, which ends with it."""
        form = await request.post()
        self._toy.calls.append(("refresh", {key: str(value) for key, value in form.items()}))
        old = next((one for one, refresh in self._toy.bearers.items() if refresh == form.get("refresh_token")), None)
        if old is None or form.get("grant_type") != "refresh_token" or not form.get("client_id"):
            return web.json_response({"error": "invalid_request"}, status=400)
        del self._toy.bearers[old]
        number = self._toy.number()
        self._toy.bearers[f"access-{number}"] = f"refresh-{number}"
        pair = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
        return web.json_response({"token_type": "bearer", "expires_in": 7200, **pair})

    # ---- what is asked

    async def _me(self, request: web.Request) -> Item:
        return {"data": self._toy.me}

    async def _mentions(self, request: web.Request) -> Item:
        if request.match_info["id"] != self._toy.own:
            raise Problem(404, "Not Found Error", "Could not find user with id")
        handle, since = f"@{self._toy.me['username']}", int(request.query.get("since_id", "0"))
        listed = [one for one in self._toy.posts if handle in one["text"] and one["author_id"] != self._toy.own]
        return self._page(request, [one for one in listed if int(one["id"]) > since], least=5)

    async def _dm_events(self, request: web.Request) -> Item:
        if "since_id" in request.query:
            raise Problem(400, "Invalid Request", "The query parameter [since_id] is not one of the allowed ones")
        return self._page(request, self._toy.events, least=1)

    async def _tweet(self, request: web.Request) -> Item:
        """One post, whoever wrote it."""
        found = next((one for one in self._toy.posts if one["id"] == request.match_info["number"]), None)
        if found is None:
            gone = {
                "title": "Not Found Error",
                "detail": "Could not find tweet",
                "type": "https://api.x.com/2/problems/resource-not-found",
            }
            return {"errors": [gone]}
        return {"data": found, "includes": {"users": [self._toy.users[found["author_id"]]]}}

    def _page(self, request: web.Request, listed: list[Item], *, least: int) -> Item:
        """Newest first, so many at a time; an empty page has no data at all."""
        size, start = int(request.query.get("max_results", "10")), request.query.get("pagination_token", "0")
        if not least <= size <= 100 or not start.isdigit():
            raise PROBLEMS["token"]
        newest = sorted(listed, key=lambda one: int(one["id"]), reverse=True)
        page, after = newest[int(start) : int(start) + size], int(start) + size
        meta: Item = {"result_count": len(page)} | ({"next_token": str(after)} if after < len(newest) else {})
        if not page:
            return {"meta": meta}
        people = {one[key] for one in page for key in ("author_id", "sender_id") if key in one}
        keys = [key for one in page for key in one.get("attachments", {}).get("media_keys", [])]
        referred = {other["id"] for one in page for other in one.get("referenced_tweets", [])}
        includes = {
            "users": [self._toy.users[number] for number in sorted(people)],
            "media": [self._toy.media[key] for key in keys],
            "tweets": [one for one in self._toy.posts if one["id"] in referred],
        }
        return {"data": page, "includes": {kind: held for kind, held in includes.items() if held}, "meta": meta}

    # ---- what is said

    async def _post(self, request: web.Request) -> Item:
        said = await request.json()
        named = files_of(self._toy, (said.get("media") or {}).get("media_ids", []), "tweet")
        text, answered = str(said.get("text", "")), str(said.get("reply", {}).get("in_reply_to_tweet_id", ""))
        theirs = next((one for one in self._toy.posts if one["id"] == answered), None)
        if theirs is None:
            raise Problem(403, "Forbidden", "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if f"@{self._toy.me['username']}" not in theirs["text"] and theirs["author_id"] != self._toy.own:
            raise PROBLEMS["unmentioned"]
        if any(one["text"] == text and one["author_id"] == self._toy.own for one in self._toy.posts):
            raise PROBLEMS["duplicate"]
        number = self._toy.number()
        self._toy.posts.append({
            "id": number, "text": text, "author_id": self._toy.own, "created_at": stamp(self._toy.now()),
            "conversation_id": theirs["conversation_id"], "edit_history_tweet_ids": [number],
            "referenced_tweets": [{"type": "replied_to", "id": answered}],
        })  # fmt: skip
        self._toy.line(theirs["author_id"], Line(False, text, self._toy.now(), named, number))
        return {"data": {"id": number, "text": text, "edit_history_tweet_ids": [number]}}

    async def _message(self, request: web.Request) -> Item:
        said = await request.json()
        attached = [str(one.get("media_id")) for one in said.get("attachments", [])]
        named = files_of(self._toy, attached, "dm")
        text, thread = str(said.get("text", "")), request.match_info.get("thread", "")
        reader = request.match_info.get("reader") or next(
            (one for one in thread.split("-") if one != self._toy.own), ""
        )
        citizen = self._toy.known(reader)
        if citizen is None:
            raise Problem(404, "Not Found Error", "Could not find user or conversation")
        if citizen.blocked:
            raise PROBLEMS["blocked"]
        number = self._toy.number()
        self._toy.events.append({
            "id": number, "event_type": "MessageCreate", "text": text, "sender_id": self._toy.own,
            "dm_conversation_id": citizen.thread, "created_at": stamp(self._toy.now()),
        })  # fmt: skip
        self._toy.line(citizen.id, Line(False, text, self._toy.now(), named, number))
        return {"data": {"dm_conversation_id": citizen.thread, "dm_event_id": number}}

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Pictures of posts are anybody's; those of messages want a proof."""
        struck = await self._struck(request, "download")
        if struck is not None:
            return struck
        old = f"/1.1/ton/data/dm/{request.match_info['path']}" if request.path.startswith("/2/") else request.path
        file, private = self._toy.files.get(old, (None, False))
        if file is None:
            return web.Response(status=404)
        if private and not self._is_authorized(request):
            return web.Response(status=401)
        return web.Response(body=file.content, content_type=file.media_type)


def _success(request: web.Request) -> int:
    return 201 if request.method == "POST" else 200


def _coded(text: str) -> str:
    return quote(text, safe="~")
