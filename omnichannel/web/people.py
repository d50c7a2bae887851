"""Who may log in: accounts are made, given a new password, and shut; what they did stays under their name."""

import secrets
from dataclasses import dataclass

from aiohttp import web

from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.people import Role, Staff, login_of
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import actor
from omnichannel.web import guard, labels, pages, passwords, scene
from omnichannel.web.keys import house

PAGE = "/kelola/petugas"
NUMBER = "{person:\\d{1,18}}"
DOES = {
    Role.AGENT: "menjawab warga dari semua kanal",
    Role.PPID: "permohonan informasi: memutuskan, surat, register",
    Role.LAPOR: "pengaduan: memasukkan ke SP4N-LAPOR! dan menindaklanjuti",
    Role.UNIT: "hanya percakapan unitnya: OPD, kecamatan, desa",
    Role.SUPERVISOR: "semua pekerjaan di atas, dan pembelajaran mesin",
    Role.ADMINISTRATOR: "semuanya, termasuk akun dan kanal",
    Role.AUDITOR: "membaca semuanya, tidak mengubah apa pun",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it was sent, and why it could not be carried out."""

    login: str = ""
    name: str = ""
    role: str = Role.AGENT.value
    unit: str = ""
    error: str = ""


def routes() -> list[web.RouteDef]:
    return [
        web.get(PAGE, guard.allow(show, Action.MANAGE_STAFF)),
        web.post(PAGE, guard.allow(add, Action.MANAGE_STAFF)),
        web.post(f"{PAGE}/{NUMBER}/sandi", guard.allow(reset, Action.MANAGE_STAFF)),
        web.post(f"{PAGE}/{NUMBER}/tutup", guard.allow(shut, Action.MANAGE_STAFF)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """Everybody, and the form for one more."""
    return await _draw(request, Draft())


async def add(request: web.Request) -> web.StreamResponse:
    """A new account with a password that is shown once, for its owner to be told."""
    fields, who, parts = await guard.fields(request), guard.staff(request), house(request)
    draft = Draft(
        login=str(fields.get("login", "")),
        name=" ".join(str(fields.get("nama", "")).replace("\0", "").split())[:100],
        role=str(fields.get("peran", "")),
        unit=str(fields.get("unit", "")),
    )
    password, now = _password(), parts.clock.now()
    try:
        login, role = login_of(draft.login), _role(draft.role)
        unit = draft.unit or None
        if not draft.name:
            raise Invalid("Isi nama petugas.")
        if role is Role.UNIT and unit is None:
            raise Invalid("Petugas unit perlu unitnya.")
        if unit is not None and unit not in parts.organisation:
            raise Invalid("Unit itu tidak ada di susunan organisasi.")
        hashed = await passwords.hashed(password)

        def story(work: Work) -> None:
            made = work.people.add(login=login, name=draft.name, role=role, unit=unit, password_hash=hashed, at=now)
            work.note(actor(who), "staff_added", "staff", made.id, at=now, after=role.value, why=login)

        await parts.store.write(story)
    except (Invalid, Conflict) as problem:
        kept = Draft(draft.login, draft.name, draft.role, draft.unit, str(problem))
        return await _draw(request, kept, status=409 if isinstance(problem, Conflict) else 422)
    return await _draw(request, Draft(), fresh=(login, password), status=201)


async def reset(request: web.Request) -> web.StreamResponse:
    """A new password, shown once; whoever was in with the old one is out."""
    who, parts, number = guard.staff(request), house(request), int(request.match_info["person"])
    password, now = _password(), parts.clock.now()
    hashed = await passwords.hashed(password)

    def story(work: Work) -> Staff:
        person = _known(work, number)
        work.people.set_password(person.id, hashed)
        work.people.close_sessions(person.id)
        work.note(actor(who), "password_reset", "staff", person.id, at=now, why=person.login)
        return person

    person = await parts.store.write(story)
    if person.id == who.id:
        return web.Response(status=303, headers={"Location": "/login"})
    return await _draw(request, Draft(), fresh=(person.login, password))


async def shut(request: web.Request) -> web.StreamResponse:
    """They may log in no more, at once. Nobody shuts themselves out."""
    fields, who, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now = int(request.match_info["person"]), parts.clock.now()

    def story(work: Work) -> None:
        person = _known(work, number)
        if person.id == who.id:
            raise Invalid("Akun Anda sendiri tidak dapat Anda tutup.")
        if person.disabled_at is None:
            work.people.disable(person.id, now)
            work.note(actor(who), "staff_disabled", "staff", person.id, at=now, why=person.login)

    await parts.store.write(story)
    return scene.back(fields, PAGE, "tersimpan")


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        raise Invalid("Pilih peran dari daftar.") from error


def _known(work: Work, number: int) -> Staff:
    found = work.people.get(number)
    if found is None:
        raise NotFound("Petugas itu tidak ada.")
    return found


def _password() -> str:
    """Four groups that can be read over the telephone; about 78 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


async def _draw(
    request: web.Request, draft: Draft, *, fresh: tuple[str, str] | None = None, status: int = 200
) -> web.Response:
    seen, people = await scene.read(request, lambda work: work.people.all())
    context = scene.setting(request, seen, "petugas") | {
        "here": PAGE,
        "people": [one for one in people if one.disabled_at is None],
        "gone": [one for one in people if one.disabled_at is not None],
        "roles": [(role.value, labels.ROLES[role], DOES[role]) for role in Role],
        "role_of": {one.id: labels.ROLES[one.role] for one in people},
        "draft": draft,
        "fresh": fresh,
    }
    return pages.page(request, "people.html", status, **context)
