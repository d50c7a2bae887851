"""How an officer is told while not looking: each device with its own choices, a trial, and the letter of the morning."""

import re
from dataclasses import replace
from datetime import time
from typing import Any

from aiohttp import web

from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.house import House
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action
from omnichannel.domain.pushing import MOST_DEVICES, Cause, Choice, Device, Digest, Words
from omnichannel.domain.work import Work
from omnichannel.inbox.pushing import put
from omnichannel.web import guard, pages, scene
from omnichannel.web.keys import house

HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[A-Za-z]{2,24}")
KINDS = (("Android", "Ponsel Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Komputer Windows"))
MORE_KINDS = (("Mac OS", "Komputer Mac"), ("CrOS", "Chromebook"), ("Linux", "Komputer Linux"))
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
NO_PUSH = "Layanan ini berjalan tanpa push."
FIRST_HOUR, LAST_HOUR = 4, 22


def routes() -> list[web.RouteDef]:
    return [
        web.get("/saya/perangkat", guard.allow(show, Action.SEE_DESK)),
        web.post("/saya/perangkat", guard.allow(sign_up, Action.NOTE)),
        web.post(r"/saya/perangkat/{id:\d{1,18}}", guard.allow(choose, Action.NOTE)),
        web.post(r"/saya/perangkat/{id:\d{1,18}}/hapus", guard.allow(remove, Action.NOTE)),
        web.post(r"/saya/perangkat/{id:\d{1,18}}/uji", guard.allow(trial, Action.NOTE)),
        web.post("/saya/surat", guard.allow(letter, Action.NOTE)),
    ]


def mailbox(parts: House) -> str | None:
    """The account that letters to officers leave through; None where the office has no mail account."""
    return next((name for name, one in parts.connectors.items() if one.channel is Channel.MAIL), None)


async def show(request: web.Request) -> web.StreamResponse:
    """The page of choices."""
    parts, staff = house(request), guard.staff(request)

    def question(work: Work) -> tuple[list[Device], Digest | None]:
        return work.devices.of(staff.id), work.digests.of(staff.id)

    seen, (devices, digest) = await scene.read(request, question)
    context: dict[str, Any] = scene.setting(request, seen, "saya") | {
        "devices": devices,
        "digest": digest,
        "mailbox": mailbox(parts),
        "push_key": parts.pusher.key() if parts.pusher is not None else "",
        "hours": range(FIRST_HOUR, LAST_HOUR + 1),
    }
    return pages.page(request, "devices.html", **context)


async def sign_up(request: web.Request) -> web.StreamResponse:
    """This browser wants to be told. The same one again keeps its choices; one that got a new address keeps them too."""
    parts, staff, fields = house(request), guard.staff(request), await guard.fields(request)
    endpoint, p256dh, auth, old = (_text(fields.get(name)) for name in ("endpoint", "p256dh", "auth", "lama"))
    if parts.pusher is None:
        raise Invalid(NO_PUSH)
    if not parts.pusher.accepts(endpoint):
        raise Invalid("Layanan push peramban ini belum dikenal. Minta administrator menambahkannya di [push] services.")
    if not re.fullmatch(r"[A-Za-z0-9_-]{80,100}={0,2}", p256dh) or not re.fullmatch(
        r"[A-Za-z0-9_-]{20,30}={0,2}", auth
    ):
        raise Invalid("Kunci dari peramban ini tidak terbaca. Muat ulang halaman, lalu nyalakan lagi.")
    name, now = _name(request.headers.get("User-Agent", "")), parts.clock.now()

    def story(work: Work) -> int:
        mine = work.devices.of(staff.id)
        before = next((one for one in mine if one.endpoint in (endpoint, old)), None)
        if before is not None and before.endpoint != endpoint:
            work.devices.remove(before.id)
        for oldest in [one for one in mine if one is not before][: max(0, len(mine) - MOST_DEVICES + 1)]:
            work.devices.remove(oldest.id)
        choice = before.choice if before is not None else Choice()
        made = work.devices.add(
            staff_id=staff.id, endpoint=endpoint, p256dh=p256dh, auth=auth, name=name, choice=choice, at=now
        )
        return made.id

    number = await parts.store.write(story)
    return web.json_response({"id": number})


async def choose(request: web.Request) -> web.StreamResponse:
    """What this device is told of, and when not."""
    fields = await guard.fields(request)
    begin, end = _hour(fields.get("mulai")), _hour(fields.get("sampai"))
    if (begin is None) != (end is None):
        raise Invalid("Isi kedua jam tenang, mulai dan sampai, atau kosongkan keduanya.")
    choice = Choice(
        urgent="darurat" in fields,
        mine="milik" in fields,
        deadline="batas" in fields,
        quiet_from=begin,
        quiet_until=end,
        urgent_anyway="tetap" in fields,
    )
    staff, number = guard.staff(request), int(request.match_info["id"])

    def story(work: Work) -> None:
        work.devices.choose(_mine(work, staff, number).id, choice)

    await house(request).store.write(story)
    return scene.back(fields, "/saya/perangkat", "tersimpan")


async def remove(request: web.Request) -> web.StreamResponse:
    """Not this one any more."""
    staff, number = guard.staff(request), int(request.match_info["id"])

    def story(work: Work) -> None:
        work.devices.remove(_mine(work, staff, number).id)

    await house(request).store.write(story)
    return scene.back(await guard.fields(request), "/saya/perangkat", "perangkat-lepas")


async def trial(request: web.Request) -> web.StreamResponse:
    """One push, now, whatever was chosen: the way to know that it arrives before a night on duty."""
    parts, staff, number = house(request), guard.staff(request), int(request.match_info["id"])
    if parts.pusher is None:
        raise Invalid(NO_PUSH)
    now, t = parts.clock.now(), pages.wording(request).t
    said = Words(Cause.TEST, t("Uji pemberitahuan"), t("Perangkat ini menerima kabar."), "/saya/perangkat", "uji")

    def story(work: Work) -> None:
        put(work, _mine(work, staff, number).id, said, f"push-uji:{number}", now)

    await parts.store.write(story)
    return scene.back(await guard.fields(request), "/saya/perangkat", "perangkat-uji")


async def letter(request: web.Request) -> web.StreamResponse:
    """A letter each working day, or none."""
    parts, staff, fields = house(request), guard.staff(request), await guard.fields(request)
    address, hour = _text(fields.get("alamat")).strip(), _text(fields.get("jam"))
    wanted = "mau" in fields
    if wanted and mailbox(parts) is None:
        raise Invalid("Belum ada akun surel di konfigurasi, jadi ringkasan tidak dapat dikirim.")
    if wanted and not MAIL.fullmatch(address):
        raise Invalid("Tulis alamat surel yang sah, misalnya nama@kantor.example.id.")
    if wanted and not (hour.isdecimal() and FIRST_HOUR <= int(hour) <= LAST_HOUR):
        raise Invalid("Pilih jam kirim.")

    def story(work: Work) -> None:
        if not wanted:
            work.digests.stop(staff.id)
            return
        before = work.digests.of(staff.id) or Digest(staff_id=staff.id, address="", hour=0)
        work.digests.want(replace(before, address=address, hour=int(hour)))

    await parts.store.write(story)
    return scene.back(fields, "/saya/perangkat", "tersimpan")


def _mine(work: Work, staff: Staff, number: int) -> Device:
    device = work.devices.get(number)
    if device is None or device.staff_id != staff.id:
        raise NotFound("Perangkat itu tidak terdaftar pada akun Anda.")
    return device


def _text(field: object) -> str:
    return field if isinstance(field, str) else ""


def _hour(field: object) -> time | None:
    text = _text(field).strip().replace(".", ":")
    if not text:
        return None
    if not HOUR.fullmatch(text):
        raise Invalid("Tulis jam seperti 21:00.")
    return time.fromisoformat(text)


def _name(agent: str) -> str:
    """What the list calls it: a kind of machine and a browser, as far as the browser tells."""
    kind = next((word for sign, word in (*KINDS, *MORE_KINDS) if sign in agent), "Perangkat")
    browser = next((word for sign, word in BROWSERS if sign in agent), "")
    return f"{kind} · {browser}" if browser else kind
