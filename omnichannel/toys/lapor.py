"""A toy SP4N-LAPOR! behind its gateway, on loopback: reports in, disposal, answers and files out, oddities included.

toy = LaporToy(key="kunci-mainan", token="token-mainan")
base = await toy.start()                         # [lapor] base_url
report = toy.reports["1"]                        # as LAPOR keeps it
toy.status("1", "Terverifikasi"); toy.follows_up("1", "Tim kami menuju lokasi.")
toy.fail("lost", only="create")                  # kept there, and the answer never comes

Shapes as one client of the partner API reads them (seen 2026-07; no public document): two headers, a create whose id
stands in two places, attachments as a string, pages of follow-ups, HTML where an error is told.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from omnichannel.toys.base import ToyFile
from omnichannel.toys.lapor_report import INSTITUTIONS, TEMPLATES, Followup, ToyReport
from omnichannel.toys.serving import Fault, Faults, Loopback

ROOT = "/lapor/3.0.0"
JAKARTA = ZoneInfo("Asia/Jakarta")
PAGE = 2
LARGEST = 64 * 1024 * 1024
# Faults of the answer, not of the call.
AFTER = frozenset({"lost", "slow", "late", "twice", "again", "stale", "cached", "conflict"})
SECOND = 0.02
HTML = "<!DOCTYPE html><html><body><h1>Whoops, looks like something went wrong.</h1></body></html>"
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LaporToy:
    """`nested` is the older shape of the create's answer; `header` the name that carries the key; `search` offers the
    look-up by title, which no known client of the real one has."""

    def __init__(
        self,
        *,
        key: str = "kunci-mainan",
        token: str = "token-mainan",
        header: str = "Authorization",
        nested: bool = False,
        search: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.key, self.token, self.header = key, token, header
        self.nested, self.search = nested, search
        self.now = now
        self.reports: dict[str, ToyReport] = {}
        self.files: dict[int, ToyFile] = {}
        self.calls: list[tuple[str, Any]] = []
        self.bodies: list[bytes] = []
        self.replies: list[dict[str, Any]] = []
        self._faults = Faults()
        self._last = 0
        self._told: web.Response | None = None  # to the last create
        self._app = web.Application(client_max_size=LARGEST)
        self._routes()
        self._server = Loopback(self._app)

    async def start(self) -> str:
        """Listen; returns the base address, gateway path and version included."""
        await self._server.start()
        return self.base

    async def stop(self) -> None:
        self._faults.end()
        await self._server.stop()

    async def restart(self) -> None:
        """Away for a moment and back at the same address; what it had kept it still has."""
        port = int(self._server.base.rsplit(":", 1)[1])
        await self._server.stop()
        self._app = web.Application(client_max_size=LARGEST)
        self._routes()
        self._server = Loopback(self._app, port)
        await self._server.start()

    @property
    def base(self) -> str:
        return f"{self._server.base}{ROOT}"

    def fail(self, kind: str, *, times: int = 1, only: str | None = None, seconds: int = 1) -> None:
        """The next `times` calls fail: hang, reset, bare, garbage, html, unauthorized, flood, refused, slow, late
        (done, and answered after a while), lost (done, and the line is cut before the answer); twice (done, and answered
        two times in one breath), again (the second answer comes when the line was handed back), stale (done, and answered with what the last one was answered), cached (the same, and
        not done), or conflict (done, and the gateway's own second try refused)."""
        self._faults.add(Fault(kind, times, only, seconds))

    def calm(self) -> None:
        self._faults.clear()

    # ---- the side of LAPOR's own officers

    def status(self, complaint_id: str, name: str, code: str | None = None) -> None:
        """Another state, which may well be an earlier one."""
        self.reports[complaint_id].moves(name, code, self.now())

    def follows_up(self, complaint_id: str, words: str, *files: ToyFile, status: str | None = None) -> None:
        """An agency writes, and with `status` moves the report in the same breath."""
        self.reports[complaint_id].told(self._next(), words, files, status, self.now())

    def dispose(self, complaint_id: str, institution: str) -> None:
        """The report is handed to another institution, by its id."""
        report = self.reports[complaint_id]
        report.institution = institution
        report.moves("Terverifikasi", None, self.now())

    # ---- the gateway

    def _routes(self) -> None:
        def serve(method: str, path: str, call: str, answer: Answering) -> None:
            self._app.router.add_route(method, ROOT + path, self._guarded(call, answer))

        serve("POST", "/complaints/complaint/file", "file", self._upload)
        serve("POST", "/complaints/complaint", "create", self._create)
        serve("POST", "/complaints/process/{id}/reject", "reject", self._reject)
        serve("GET", "/complaints/{id}/complaint", "detail", self._detail)
        serve("GET", "/complaints/{id}/followups", "followups", self._followups)
        serve("POST", "/complaints/followup/add", "reply", self._reply)
        serve("GET", "/masters/templates", "templates", self._templates)
        serve("GET", "/masters/institutions/external", "institutions", self._institutions)
        serve("GET", "/complaints", "search", self._search)
        self._app.router.add_get("/berkas/{id}/{name}", self._download)

    def _guarded(self, call: str, answer: Answering) -> Answering:
        async def guarded(request: web.Request) -> web.StreamResponse:
            # A form's body is gone once its parts are read: of these, the parts are kept.
            form = await request.post() if request.content_type.startswith("multipart") else None
            self.bodies.append(await request.read() if form is None else _parts(form))
            self.calls.append((call, dict(request.query)))
            fault = self._faults.take(call)
            if fault is not None and fault.kind not in AFTER:
                return await self._faults.strike(fault, request) or _refusal(fault)
            if not self._knows(request):
                return _json({"status": "error", "message": "Unauthorized"}, 401)
            if fault is not None and fault.kind == "slow":
                await asyncio.sleep(fault.seconds)
            if fault is not None and fault.kind == "cached" and self._told is not None:
                return _again(self._told)
            earlier, answered = self._told, await answer(request)
            if call == "create" and isinstance(answered, web.Response) and answered.status == 200:
                self._told = _again(answered)
            if fault is not None and fault.kind in ("twice", "again", "stale", "conflict"):
                return await _muddled(fault.kind, request, answered, earlier)
            if fault is not None and fault.kind == "late":
                await asyncio.sleep(fault.seconds)
            if fault is not None and fault.kind == "lost" and request.transport is not None:
                request.transport.abort()
            return answered

        return guarded

    def _knows(self, request: web.Request) -> bool:
        """Both headers; the older name of the first wants the word Bearer before the key."""
        wanted = f"Bearer {self.key}" if self.header == "auth" else self.key
        return request.headers.get(self.header) == wanted and request.headers.get("token") == f"{{{self.token}}}"

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        images: list[dict[str, int]] = []
        docs: list[dict[str, int]] = []
        for name, value in (await request.post()).items():
            if name == "attachments[]" and isinstance(value, web.FileField):
                number = self._next()
                self.files[number] = ToyFile(value.filename, value.content_type, value.file.read())
                value.file.close()
                (images if value.content_type.startswith("image/") else docs).append({"id": number})
        if not images and not docs:
            return _json({"status": "error", "message": "attachments wajib diisi"}, 422)
        return _json({"status": "success", "results": {"images": images, "docs": docs}})

    async def _create(self, request: web.Request) -> web.StreamResponse:
        try:
            said = json.loads(await request.read())
        except ValueError:
            return web.Response(status=500, text=HTML, content_type="text/html")
        wrong = _wrong(said)
        if wrong:
            return _json({"status": "error", "message": wrong}, 422)
        number = str(self._next())
        files = [self.files[one] for one in _numbers(said["attachments"]) if one in self.files]
        self.reports[number] = ToyReport(number, f"{9_000_000 + int(number)}", dict(said), files, self.now())
        if self.nested:
            return _json({"status": "success", "results": {"complaint": {"id": int(number)}}})
        return _json({"status": "success", "complaint_id": int(number)})

    async def _detail(self, request: web.Request) -> web.StreamResponse:
        report = self.reports.get(request.match_info["id"])
        if report is None:
            return web.Response(status=404, text=HTML, content_type="text/html")
        return _json({"status": "success", "results": {"data": report.detail(JAKARTA), "data_logs": []}})

    async def _followups(self, request: web.Request) -> web.StreamResponse:
        report = self.reports.get(request.match_info["id"])
        if report is None:
            return web.Response(status=404, text=HTML, content_type="text/html")
        page = int(request.query.get("page", "1"))
        every = [one.told(JAKARTA, self._server.base) for one in report.followups]
        more = f"{self.base}/complaints/{report.id}/followups?page={page + 1}" if page * PAGE < len(every) else None
        return _json({"results": {"data": every[(page - 1) * PAGE : page * PAGE], "next_page_url": more}})

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        said: dict[str, Any] = {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                said[name] = ToyFile(value.filename, value.content_type, value.file.read())
                value.file.close()
            else:
                said[name] = value
        report = self.reports.get(str(said.get("complaint_id")))
        if report is None or not said.get("content"):
            return _json({"status": "error", "message": "complaint_id atau content tidak sah"}, 422)
        self.replies.append(said)
        report.followups.append(Followup(self._next(), self.now(), str(said["content"]), mine=True))
        return _json({"status": "success", "message": "Tindak lanjut ditambahkan"})

    async def _reject(self, request: web.Request) -> web.StreamResponse:
        report, said = self.reports.get(request.match_info["id"]), await request.post()
        if report is None or said.get("is_request") != "1" or not said.get("reason"):
            return _json({"status": "error", "message": "permintaan tidak lengkap"}, 422)
        report.asked_away = (str(said["reason"]), str(said.get("reason_description", "")))
        report.moves("Bukan Wewenang", None, self.now())
        return _json({"status": "success"})

    async def _templates(self, request: web.Request) -> web.StreamResponse:
        return _json({"results": {"data": list(TEMPLATES)}})

    async def _institutions(self, request: web.Request) -> web.StreamResponse:
        return _json({"results": {"data": [{"id": number, "name": name} for number, name in INSTITUTIONS]}})

    async def _search(self, request: web.Request) -> web.StreamResponse:
        if not self.search:
            return web.Response(status=404, text=HTML, content_type="text/html")
        title = request.query.get("title", "")
        found = [one.detail(JAKARTA) for one in self.reports.values() if one.title == title]
        return _json({"results": {"data": found, "next_page_url": None}})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        for report in self.reports.values():
            for one in report.followups:
                for file in one.files:
                    if (str(one.id), file.name) == (request.match_info["id"], request.match_info["name"]):
                        return web.Response(body=file.content, content_type=file.media_type)
        raise web.HTTPNotFound

    def _next(self) -> int:
        self._last += 1
        return self._last


def _parts(form: Mapping[str, str | web.FileField | bytes | bytearray]) -> bytes:
    """What the parts of a form said, files with their names."""
    said = []
    for name, value in form.items():
        if isinstance(value, web.FileField):
            said += [name.encode(), value.filename.encode(), value.file.read()]
            value.file.seek(0)
        else:
            said += [name.encode(), value.encode() if isinstance(value, str) else bytes(value)]
    return b"\n".join(said)


def _json(answer: Any, status: int = 200) -> web.Response:
    return web.json_response(answer, status=status)


def _again(answer: web.Response) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, content_type="application/json")


async def _muddled(
    kind: str, request: web.Request, answered: web.StreamResponse, earlier: web.Response | None
) -> web.StreamResponse:
    """A gateway that tried, waited and tried again tells more than one thing, or the wrong one."""
    if kind == "stale":
        return _again(earlier) if earlier is not None else answered
    if kind == "conflict":
        return _json({"status": "error", "message": "Laporan sudah ada"}, 409)
    if isinstance(answered, web.Response) and request.transport is not None:
        body = answered.body if isinstance(answered.body, bytes) else b""
        second = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        await answered.prepare(request)
        await answered.write_eof()
        if kind == "twice":
            request.transport.write(second)
        else:  # On a line that is kept it then looks like the answer to the next call.
            asyncio.get_running_loop().call_later(SECOND, request.transport.write, second)
    return answered


def _refusal(fault: Fault) -> web.Response:
    """What the gateway or the application behind it says when it will not."""
    match fault.kind:
        case "html":
            return web.Response(status=500, text=HTML, content_type="text/html")
        case "unauthorized":
            return _json({"code": "900901", "message": "Invalid Credentials"}, 401)
        case "flood":
            answer = _json({"code": "900800", "message": "Message throttled out"}, 429)
            answer.headers["Retry-After"] = str(fault.seconds)
            return answer
        case _:
            return _json({"status": "error", "message": "Laporan ditolak: isi tidak sah"}, 422)


def _wrong(said: Any) -> str | None:
    """Why the report is not taken. `attachments` is false or text such as "[1,2]": a list is not understood."""
    if not isinstance(said, dict):
        return "bukan objek"
    missing = [key for key in ("title", "content", "channel", "classification_id", "attachments") if key not in said]
    if missing:
        return f"{missing[0]} wajib diisi"
    if not str(said["title"]).strip() or not str(said["content"]).strip():
        return "title dan content wajib diisi"
    if said["attachments"] is not False and not isinstance(said["attachments"], str):
        return "attachments tidak sah"
    if said.get("is_new_user_slider") and not (
        said.get("nameUser") and (said.get("phoneUser") or said.get("emailUser"))
    ):
        return "identitas pelapor tidak lengkap"
    if not said.get("is_new_user_slider") and not said.get("user_id"):
        return "user_id wajib diisi"
    return None


def _numbers(attachments: str | bool) -> list[int]:
    text = attachments if isinstance(attachments, str) else ""
    return [int(one) for one in text.strip("[]. ").split(",") if one.strip().isdigit()]
