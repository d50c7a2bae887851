"""Rules of the office: written, tried on last month, put in order, switched on; and what they did, with its way back."""

from collections.abc import Mapping
from functools import partial
from time import monotonic
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Kind
from omnichannel.domain.channel import STANZAS
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.organisation import Level
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.rules import (
    MOST_RULES,
    Act,
    Conditions,
    Deed,
    Hours,
    Rule,
    Spec,
    When,
    checked,
)
from omnichannel.domain.work import Actor, Work
from omnichannel.inbox import rehearsal, rules
from omnichannel.inbox.rehearsal import Rehearsal
from omnichannel.inbox.rules import Ground
from omnichannel.web import guard, labels, pages, scene
from omnichannel.web.keys import house

PATIENCE = 2.5  # seconds that a trial may take; what it has looked at by then is what it shows
MOST_LOOKED = 20_000
ARRANGED = ("nyala", "mati", "naik", "turun", "hapus")
WHEN_WORDS = {
    When.MESSAGE: "Pesan warga datang",
    When.CASE: "Kasus dibuka",
    When.NEAR: "Batas waktu mendekat",
    When.RESOLVED: "Percakapan diselesaikan",
}
DEED_WORDS = {
    Deed.UNIT: "Serahkan ke unit",
    Deed.ASSIGN: "Tugaskan kepada",
    Deed.LABEL: "Pasang label",
    Deed.URGENT: "Tandai mendesak",
    Deed.NOTE: "Tulis catatan internal",
    Deed.OFFER: "Tawarkan balasan siap pakai",
    Deed.NOTICE: "Kirim kabar dari konfigurasi kepada warga",
    Deed.NOTIFY: "Kabari petugas",
    Deed.ASIDE: "Sisihkan",
}


def routes() -> list[web.RouteDef]:
    leave, base = Action.MANAGE_RULES, r"/kelola/aturan/{id:\d{1,18}}"
    return [
        web.get("/kelola/aturan", guard.allow(home, leave)),
        web.get("/kelola/aturan/baru", guard.allow(edit, leave)),
        web.get(base, guard.allow(edit, leave)),
        web.post("/kelola/aturan/simpan", guard.allow(save, leave)),
        web.post("/kelola/aturan/coba", guard.allow(rehearse, leave)),
        *(web.post(f"{base}/{deed}", guard.allow(partial(arrange, deed=deed), leave)) for deed in ARRANGED),
        web.post(r"/aturan/jalan/{id:\d{1,18}}/batal", guard.allow(undo, Action.ASSIGN)),
    ]


async def home(request: web.Request) -> web.StreamResponse:
    """The list, and what was done lately."""
    seen, (found, fired) = await scene.read(request, lambda work: (work.rules.all(), work.rules.firings(None, 30)))
    context = scene.setting(request, seen, "aturan") | _words() | {"rules": found, "fired": fired}
    return pages.page(request, "rules.html", **context)


async def edit(request: web.Request) -> web.StreamResponse:
    """One rule, or a blank one."""
    number = request.match_info.get("id")

    def question(work: Work) -> tuple[Rule | None, list[Staff], list[Any]]:
        rule = work.rules.get(int(number)) if number else None
        if number and rule is None:
            raise NotFound("Aturan itu tidak ada.")
        return rule, work.people.all(), work.rules.versions(rule.id) if rule else []

    seen, (rule, people, versions) = await scene.read(request, question)
    blank = Spec("", When.MESSAGE, Conditions(), ())
    return _page(request, seen, rule.spec if rule else blank, rule.id if rule else None, people, versions=versions)


async def rehearse(request: web.Request) -> web.StreamResponse:
    """Try what the form says on the last thirty days. Nothing is written."""
    fields = await guard.fields(request)
    spec, number, error = _spec(fields), _number(fields), ""
    try:
        spec = checked(spec)
        found: Rehearsal | None = await _tried(request, spec)
    except Invalid as problem:
        found, error = None, str(problem)
    seen, people = await scene.read(request, lambda work: work.people.all())
    return _page(request, seen, spec, number, people, found=found, error=error)


async def _tried(request: web.Request, spec: Spec) -> Rehearsal:
    parts, found = house(request), Rehearsal()
    since, began = parts.clock.now() - rehearsal.SPAN, monotonic()
    ground = Ground(parts.office, parts.organisation, parts.clocks.calendar, parts.capabilities)
    before = await parts.store.read(lambda work: work.screens.last_happening()) + 1
    while before:
        look = partial(rehearsal.page, ground=ground, spec=spec, so_far=found, before=before, since=since)
        before = await parts.store.read(look)
        if monotonic() - began > PATIENCE or found.looked >= MOST_LOOKED:
            break
    return found


async def save(request: web.Request) -> web.StreamResponse:
    """A new rule, switched off; or a new version of one."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    given, number = _spec(fields), _number(fields)
    now = parts.clock.now()

    def story(work: Work) -> int:
        spec = checked(given)
        _must_exist(work, request, spec)
        if number is None:
            if len(work.rules.all()) >= MOST_RULES:
                raise Invalid(f"Paling banyak {MOST_RULES} aturan. Hapus yang tidak dipakai.")
            made = work.rules.add(spec, staff.name, now)
        else:
            _rule(work, number)
            work.rules.change(number, spec, staff.name, now)
            made = number
        work.note(_who(staff), "rule_written", "rule", made, at=now, after=spec.name)
        return made

    try:
        await parts.store.write(story)
    except Invalid as problem:
        seen, people = await scene.read(request, lambda work: work.people.all())
        return _page(request, seen, given, number, people, error=str(problem), status=422)
    return scene.back({}, "/kelola/aturan", "tersimpan")


async def arrange(request: web.Request, deed: str) -> web.StreamResponse:
    """On, off, up, down, away."""
    staff, number = guard.staff(request), int(request.match_info["id"])
    now = house(request).clock.now()

    def story(work: Work) -> None:
        rule = _rule(work, number)
        if deed in ("nyala", "mati"):
            work.rules.switch(number, deed == "nyala")
        elif deed == "hapus":
            work.rules.remove(number, now)
        else:
            ids = [one.id for one in work.rules.all()]
            at = ids.index(number)
            to = max(0, min(len(ids) - 1, at + (-1 if deed == "naik" else 1)))
            ids[at], ids[to] = ids[to], ids[at]
            work.rules.order(ids)
        work.note(_who(staff), "rule_arranged", "rule", number, at=now, before=rule.spec.name, after=deed)

    await house(request).store.write(story)
    return scene.back({}, "/kelola/aturan", "tersimpan")


async def undo(request: web.Request) -> web.StreamResponse:
    """Take back what a rule changed in one conversation."""
    fields, staff, number = await guard.fields(request), guard.staff(request), int(request.match_info["id"])
    now = house(request).clock.now()
    kept = await house(request).store.write(lambda work: rules.undo(work, staff, number, now=now))
    return scene.back(fields, "/kotak/semua", "aturan-batal-sebagian" if kept else "aturan-batal")


def _page(
    request: web.Request,
    seen: scene.Around,
    spec: Spec,
    number: int | None,
    people: list[Staff],
    *,
    found: Rehearsal | None = None,
    error: str = "",
    versions: list[Any] | None = None,
    status: int = 200,
) -> web.Response:
    parts = house(request)
    acts = {act.deed.value: act.value for act in spec.acts}
    context = scene.setting(request, seen, "aturan") | _words()
    context |= {
        "spec": spec,
        "acts": acts,
        "number": number,
        "found": found,
        "error": error,
        "versions": versions or [],
        "people": [one for one in people if one.disabled_at is None and may(one, Action.NOTE)],
        "channels": [(channel.value, stanza.word) for channel, stanza in STANZAS.items()],
        "kinds": [(kind.value, labels.KINDS[kind]) for kind in Kind],
        "all_topics": list(labels.TOPICS.items()),
        "all_units": [(one.key, one.name) for one in parts.organisation],
        "areas": [
            (one.code, one.name)
            for level in (Level.KECAMATAN, Level.KELURAHAN, Level.DESA)
            for one in parts.organisation.at(level)
            if one.code
        ],
        "replies": parts.office.replies,
        "notices": [(name, text) for name, text in parts.office.notices.items() if name.startswith("aturan_")],
        "hours": parts.office.hours,
    }
    return pages.page(request, "rule.html", status, **context)


def _spec(fields: Mapping[str, Any]) -> Spec:
    """What the form says, not judged yet."""
    every = {name: _all(fields, name) for name in ("kanal", "jenis", "topik", "unit", "tempat", "label")}
    known = {"ya": True, "tidak": False}.get(_text(fields, "kenal"))
    hours, when = _text(fields, "jam"), _text(fields, "kapan")
    conditions = Conditions(
        channels=every["kanal"],
        words=tuple(one for line in _text(fields, "kata").splitlines() for one in line.split(",") if one.strip()),
        kinds=every["jenis"],
        topics=every["topik"],
        units=every["unit"],
        places=every["tempat"],
        labels=every["label"],
        known=known,
        hours=Hours(hours) if hours in set(Hours) else Hours.ANY,
    )
    acts = []
    for deed in DEED_WORDS:
        value = _text(fields, f"lakukan-{deed.value}").strip()
        if value:
            acts.append(Act(deed, "" if deed in (Deed.URGENT, Deed.ASIDE) else value))
    chosen = When(when) if when in set(When) else When.MESSAGE
    return Spec(_text(fields, "nama"), chosen, conditions, tuple(acts))


def _must_exist(work: Work, request: web.Request, spec: Spec) -> None:
    """Invalid for a form that names what is not there."""
    parts = house(request)
    replies, in_use = {one.key for one in parts.office.replies}, {str(one.id) for one in work.labels.all()}
    if not in_use.issuperset(spec.conditions.labels):
        raise Invalid("Salah satu label itu tidak ada lagi.")
    for act in spec.acts:
        if act.deed in (Deed.ASSIGN, Deed.NOTIFY):
            there = act.value.isdecimal() and work.people.get(int(act.value[:18])) is not None
        elif act.deed is Deed.NOTICE:
            there = act.value.startswith("aturan_") and act.value in parts.office.notices
        else:
            known = {Deed.UNIT: act.value in parts.organisation, Deed.OFFER: act.value in replies}
            known[Deed.LABEL] = act.value in in_use
            there = known.get(act.deed, True)
        if not there:
            raise Invalid("Salah satu tindakan menyebut petugas, unit, atau kabar yang tidak ada.")
    if spec.conditions.hours is not Hours.ANY and parts.office.hours is None:
        raise Invalid("Jam kantor belum diisi di konfigurasi ([hours]), jadi syarat jam tidak dapat dipakai.")


def _rule(work: Work, number: int) -> Rule:
    rule = work.rules.get(number)
    if rule is None:
        raise NotFound("Aturan itu tidak ada.")
    return rule


def _words() -> dict[str, Any]:
    return {
        "when_words": {when.value: word for when, word in WHEN_WORDS.items()},
        "deed_words": {deed.value: word for deed, word in DEED_WORDS.items()},
    }


def _who(staff: Staff) -> Actor:
    return Actor(f"staff:{staff.id}", staff.name)


def _all(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = fields.getall(name, []) if hasattr(fields, "getall") else []
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str) and 0 < len(one) <= 80))[:200]


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _number(fields: Mapping[str, Any]) -> int | None:
    value = _text(fields, "nomor")
    return int(value) if value.isdecimal() and len(value) < 19 else None
