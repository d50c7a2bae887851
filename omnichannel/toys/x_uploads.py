"""What an office uploads to the toy X: parts in order, of a size and kind that the real one would take."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from omnichannel.toys.base import ToyFile

if TYPE_CHECKING:
    from omnichannel.toys.x import XToy

Item = dict[str, Any]
Answering = Callable[[web.Request], Awaitable[Item]]
MEGABYTE = 1024 * 1024
LIMITS = {"image": 5 * MEGABYTE, "gif": 15 * MEGABYTE, "video": 512 * MEGABYTE}


@dataclass(eq=False)
class Problem(Exception):
    """A refusal as X words it: v2's problem, or an old code."""

    status: int
    title: str
    detail: str
    code: int | None = None
    kind: str = "about:blank"


PROBLEMS = {
    "flood": Problem(429, "Too Many Requests", "Too Many Requests"),
    "cap": Problem(429, "UsageCapExceeded", "Usage cap exceeded: Monthly product cap", kind="https://api.x.com/2/problems/usage-capped"),
    "server": Problem(503, "Service Unavailable", "Over capacity", code=130),
    "unauthorized": Problem(401, "Unauthorized", "Unauthorized"),
    "credits": Problem(402, "CreditsDepleted", "The account has no credits left"),
    "blocked": Problem(403, "Forbidden", "You cannot send messages to this user.", code=349),
    "unmentioned": Problem(403, "Forbidden", "You can only reply to or quote posts where you are mentioned or are the author."),
    "duplicate": Problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."),
    "permissions": Problem(403, "Forbidden", "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.", kind="https://api.x.com/2/problems/oauth1-permissions"),
    "token": Problem(400, "Invalid Request", "The `pagination_token` query parameter value is not valid"),
}  # fmt: skip


@dataclass(slots=True)
class Upload:
    """One file on its way. `checks` is how often a film is still being made ready."""

    media_type: str
    total: int
    category: str
    parts: list[bytes] = field(default_factory=list)
    done: bool = False
    checks: int = 0


class Uploads:
    """The three steps, and the question after a film."""

    def __init__(self, toy: "XToy") -> None:
        self._toy = toy

    def routes(self) -> list[tuple[str, str, str, Answering]]:
        return [
            ("POST", "/2/media/upload/initialize", "initialize", self._initialize),
            ("POST", "/2/media/upload/{number}/append", "append", self._append),
            ("POST", "/2/media/upload/{number}/finalize", "finalize", self._finalize),
            ("GET", "/2/media/upload", "status", self._status),
        ]

    async def _initialize(self, request: web.Request) -> Item:
        said = await request.json()
        kind = str(said.get("media_category", "")).partition("_")[2]
        if not 0 < int(said.get("total_bytes", 0)) <= LIMITS.get(kind, 0):
            raise Problem(400, "Invalid Request", "The file is too large or of no kind that is taken")
        number = self._toy.number()
        self._toy.uploads[number] = Upload(said["media_type"], said["total_bytes"], said["media_category"])
        return {"data": {"id": number, "media_key": f"3_{number}", "expires_after_secs": 86400}}

    async def _append(self, request: web.Request) -> Item:
        upload, said = self._known(request.match_info["number"]), await request.json()
        try:
            content = base64.b64decode(said["media"], validate=True)
        except (KeyError, binascii.Error):
            raise Problem(400, "Invalid Request", "Missing media field in JSON") from None
        if len(content) > 5 * MEGABYTE or said.get("segment_index") != len(upload.parts):
            raise Problem(400, "Invalid Request", "Segments must be in order and at most 5 MB")
        upload.parts.append(content)
        return {}

    async def _finalize(self, request: web.Request) -> Item:
        number = request.match_info["number"]
        upload = self._known(number)
        if sum(map(len, upload.parts)) != upload.total:
            raise Problem(400, "Invalid Request", "Segments do not add up to the provided total file size")
        upload.done = True
        if upload.category.endswith("_video"):
            upload.checks = self._toy.slow_films
        return self._told(number, upload)

    async def _status(self, request: web.Request) -> Item:
        number = request.query.get("media_id", "")
        upload = self._known(number)
        upload.checks = max(upload.checks - 1, 0)
        return self._told(number, upload)

    def _told(self, number: str, upload: Upload) -> Item:
        told: Item = {"id": number, "size": upload.total}
        if upload.category.endswith("_video"):
            state = "in_progress" if upload.checks else "failed" if self._toy.spoils_films else "succeeded"
            told["processing_info"] = {"state": state, "check_after_secs": self._toy.film_pause}
            if state == "failed":
                told["processing_info"]["error"] = {"code": 1, "message": "InvalidMedia"}
        return {"data": told}

    def _known(self, number: str) -> Upload:
        found = self._toy.uploads.get(number)
        if found is None:
            raise Problem(404, "Not Found Error", "Could not find media")
        return found


def files_of(toy: "XToy", numbers: Sequence[str], whose: str) -> tuple[str, ...]:
    """The files that a post or a message takes, by kind; each must be there whole, and meant for it."""
    named = []
    for number in numbers:
        upload = toy.uploads.get(str(number))
        if upload is None or not upload.done or upload.checks or not upload.category.startswith(whose):
            raise Problem(400, "Invalid Request", "Your media IDs are invalid.")
        name = f"{number}.{upload.media_type.partition('/')[2]}"
        toy.sent_files[name] = ToyFile(name, upload.media_type, b"".join(upload.parts))
        named.append(name)
    return tuple(named)
