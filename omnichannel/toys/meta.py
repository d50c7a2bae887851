"""Toy Facebook and toy Instagram on loopback: direct messages and comments, signed webhooks out, answers in.

toy = FacebookToy(token="EAAtoy", app_secret="…", verify_token="…")
base = await toy.start()                       # the connector's base_url
toy.courier.url = "http://127.0.0.1:8080/hooks/fb-humas"
siti = toy.citizen("Siti")
siti.writes("Lampu jalan mati")
comment = siti.comments(toy.publish("Jadwal air bersih"), "Di Teluk Lingga belum mengalir")
toy.fail("flood", seconds=3, only="messages")
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import aiohttp
from aiohttp import web

from omnichannel.domain.channel import Channel
from omnichannel.toys.base import Chat, Line, ToyFile
from omnichannel.toys.graph import GraphServer, Problem
from omnichannel.toys.meta_citizen import Citizen, Comment
from omnichannel.toys.meta_reading import Reading
from omnichannel.toys.meta_sending import Sending

Item = dict[str, Any]
PROBLEMS = {
    "flood": Problem(429, 613, "(#613) Calls to this api have exceeded the rate limit."),
    "server": Problem(500, 2, "An unexpected error has occurred.", transient=True),
    "unauthorized": Problem(401, 190, "Malformed access token {token}"),
    "blocked": Problem(400, 551, "(#551) This person isn't available right now.", subcode=1545041),
    "held": Problem(403, 10, "(#10) Another app is controlling this thread now.", subcode=2018300),
    "rights": Problem(403, 200, "(#200) Requires pages_messaging permission to manage the object"),
}


class MetaToy(GraphServer):
    """What both platforms share. `now` is the time it stamps; `receipts` sends echo and ticks for whatever we say.

    `write` lets every `commenting`-th new citizen speak under a post of the office's instead of directly; 0: none.
    """

    channel: Channel = Channel.FACEBOOK
    problems = PROBLEMS
    object: ClassVar[str] = "page"
    text_limit: ClassVar[int] = 2000
    comment_limit: ClassVar[int] = 8000
    nobody: ClassVar[int] = 2018001
    too_late: ClassVar[int] = 2018278
    hidden_flag: ClassVar[str] = "is_hidden"

    def __init__(
        self,
        *,
        token: str = "EAAtoy-token",
        app_secret: str = "toy-app-secret",
        verify_token: str = "toy-verify",
        account: str = "",
        receipts: bool = True,
        commenting: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(token=token, app_secret=app_secret)
        self.account = account or self.channel.value
        self.verify_token = verify_token
        self.receipts = receipts
        self.commenting = commenting
        self.now = now
        self.page_id, self.instagram_id, self.app_id = "1000000000000002", "17840000000000003", "4000000000000004"
        self.files: dict[str, ToyFile] = {}
        self.messages: dict[str, tuple[str, ...]] = {}
        self.lives = 1
        self.posts: dict[str, str] = {}
        self.published: dict[str, datetime] = {}
        self.comments: dict[str, Comment] = {}
        self.citizens: dict[str, Citizen] = {}
        self.chat_lines: dict[str, list[Line]] = {}
        self.acted: list[tuple[str, str]] = []
        self._numbers = 0
        sending = Sending(self)
        self.post("/{node}/messages", "messages", sending.message)
        self.post("/{node}/message_attachments", "message_attachments", sending.attachment)
        self.post("/{node}/comments", "comments", sending.comment)
        self.post("/{node}/replies", "replies", sending.reply)
        self.post("/{node}", "hide", sending.hide)
        self.get("/{node}", "node", self._node)
        self.get("/{node}/attachments", "attachments", self._attachments)
        self.reading = Reading(self)
        self.app.router.add_get("/cdn/{life}/{file}/{name}", self._download)

    @property
    def entry_id(self) -> str:
        """Whose news it is: the Page, or the Instagram account behind it."""
        return self.page_id

    # ---- the citizens' side

    def citizen(self, name: str) -> Citizen:
        """A citizen by name, the same one each time."""
        if name not in self.citizens:
            self.citizens[name] = Citizen(self, name, len(self.citizens) + 1)
        return self.citizens[name]

    def publish(self, text: str) -> str:
        """A post of the office's; returns its id."""
        number = f"{self.page_id}_{self.serial()}" if self.object == "page" else self.serial()
        self.posts[number], self.published[number] = text, self.now()
        return number

    def chats(self) -> list[Chat]:
        found = [Chat(key, self.name_of(key), list(lines)) for key, lines in self.chat_lines.items() if lines]
        return sorted(found, key=lambda chat: chat.lines[-1].at, reverse=True)

    async def write(self, chat_id: str | None, name: str, text: str) -> str:
        """Into a thread, direct or under a post."""
        citizen = self.known((chat_id or "").partition("@")[0]) or self.citizen(name)
        post = (chat_id or "").partition("@")[2]
        if chat_id is None and self.commenting and len(self.citizens) % self.commenting == 0:
            post = self.publish("Kabar dari kami")
        if post:
            citizen.comments(post, text)
            return citizen.thread(post)
        citizen.writes(text)
        return citizen.id

    async def show(self, chat_id: str | None, name: str, caption: str, photo: ToyFile) -> str:
        citizen = self.known((chat_id or "").partition("@")[0]) or self.citizen(name)
        citizen.sends_file(photo, caption)
        return citizen.id

    async def correct(self, chat_id: str, text: str) -> None:
        citizen = self.known(chat_id.partition("@")[0])
        if citizen is not None and citizen.last is not None:
            citizen.edits(citizen.last, text)

    def known(self, id: str | None) -> Citizen | None:
        """A citizen by the id that this Page knows them by."""
        return next((one for one in self.citizens.values() if one.id == id), None)

    def name_of(self, chat_id: str) -> str:
        """As the page of citizens heads a thread."""
        id, _, post = chat_id.partition("@")
        citizen = self.known(id)
        named = citizen.name if citizen else id
        return f"{named} · komentar" if post else named

    def transcript(self, chat_id: str) -> list[Line]:
        return list(self.chat_lines.get(chat_id, ()))

    async def greet(self) -> tuple[int, str]:
        """Meta's handshake with whoever listens at the courier's address: the status, and what was answered."""
        asked = {"hub.mode": "subscribe", "hub.verify_token": self.verify_token, "hub.challenge": "1158201444"}
        async with aiohttp.ClientSession() as session, session.get(self.courier.url or "", params=asked) as answer:
            return answer.status, await answer.text()

    # ---- what goes out

    def tell(self, *items: Item, key: str = "messaging") -> None:
        """One webhook with these direct messages in one entry."""
        time = int(self.now().timestamp() * 1000)
        self.deliver({"object": self.object, "entry": [{"id": self.entry_id, "time": time, key: list(items)}]})

    def tell_change(self, field: str, *values: Item) -> None:
        """One webhook with these changes in one entry."""
        changes = [{"field": field, "value": value} for value in values]
        entry = {"id": self.entry_id, "time": int(self.now().timestamp()), "changes": changes}
        self.deliver({"object": self.object, "entry": [entry]})

    def tell_comment(self, comment: Comment, verb: str) -> None:
        """What happened to a comment, in this platform's words."""
        raise NotImplementedError

    def serial(self) -> str:
        self._numbers += 1
        return str(7_000_000 + self._numbers)

    def mid(self) -> str:
        return f"m_TOY{self.serial()}"

    def keep(self, file: ToyFile) -> str:
        """A file on the platform; returns its id."""
        number = self.serial()
        self.files[number] = file
        return number

    def link(self, number: str) -> str:
        """Where a file lies for whoever knows the link, until `links_die`."""
        return f"{self.base}/cdn/{self.lives}/{number}/{self.files[number].name}"

    def described(self, number: str, file: ToyFile, link: str) -> Item:
        """A picture's link stands elsewhere than a document's."""
        told: Item = {"id": number, "mime_type": file.media_type, "name": file.name, "size": len(file.content)}
        family = file.media_type.partition("/")[0]
        return told | ({f"{family}_data": {"url": link}} if family in ("image", "video") else {"file_url": link})

    def links_die(self) -> None:
        """Every link given so far is dead; the files are not."""
        self.lives += 1

    # ---- the office's side

    async def _node(self, request: web.Request, node: str) -> Mapping[str, Any]:
        if node in (self.page_id, "me"):
            account = {"id": self.instagram_id, "username": "humas.toy"}
            return {"id": self.page_id, "name": "Humas Toy", "instagram_business_account": account}
        citizen = self.known(node)
        if citizen is not None:
            return self.reading.profile(citizen)
        if node in self.posts:
            return self.reading.post(node)
        raise self.missing(node)

    async def _attachments(self, request: web.Request, node: str) -> Mapping[str, Any]:
        if node not in self.messages:
            raise self.missing(node)
        files = [(number, self.files[number]) for number in self.messages[node] if number in self.files]
        return {"data": [self.described(number, file, self.link(number)) for number, file in files]}

    async def _download(self, request: web.Request) -> web.StreamResponse:
        struck = await self.struck(request, "download")
        if struck is not None:
            return struck
        if "Authorization" in request.headers:
            return web.Response(status=400, text="a public file network is no place for a token")
        alive = request.match_info["life"] == str(self.lives)
        file = self.files.get(request.match_info["file"]) if alive else None
        return web.Response(body=file.content) if file else web.Response(status=403, text="URL signature expired")


class FacebookToy(MetaToy):
    """Messenger and the comments under a Page's posts."""

    def tell_comment(self, comment: Comment, verb: str) -> None:
        author = comment.author
        said = {"id": author.id, "name": author.name} if author else {"id": self.page_id, "name": "Humas Toy"}
        value: Item = {"item": "comment", "verb": verb, "comment_id": comment.id, "post_id": comment.post, "from": said}
        value |= {"parent_id": comment.parent or comment.post, "created_time": int(comment.at.timestamp())}
        value |= {} if verb == "remove" else {"message": comment.text}
        self.tell_change("feed", value)


class InstagramToy(MetaToy):
    """Instagram's direct messages and comments; the Graph speaks of the account by the Page it is linked to."""

    channel: Channel = Channel.INSTAGRAM
    object: ClassVar[str] = "instagram"
    text_limit: ClassVar[int] = 1000
    comment_limit: ClassVar[int] = 2200
    nobody: ClassVar[int] = 2534014
    too_late: ClassVar[int] = 2534022
    hidden_flag: ClassVar[str] = "hide"

    @property
    def entry_id(self) -> str:
        return self.instagram_id

    def tell_comment(self, comment: Comment, verb: str) -> None:
        """Only new comments are told; nobody hears of edits and removals."""
        if verb != "add":
            return
        author = comment.author
        ours = {"id": self.instagram_id, "username": "humas.toy", "self_ig_scoped_id": "5000000000000005"}
        value: Item = {
            "id": comment.id,
            "text": comment.text,
            "media": {"id": comment.post, "media_product_type": "FEED"},
        }
        value["from"] = {"id": author.id, "username": author.handle} if author else ours
        value |= {"parent_id": comment.parent} if comment.parent else {}
        self.tell_change("comments", value)
