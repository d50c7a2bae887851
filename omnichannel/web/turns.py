"""Who is on duty when: the rosters by which conversations find their officer, off until somebody switches them on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from aiohttp import web

from omnichannel.domain.channel import STANZAS
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.turns import SWITCH, Turn
from omnichannel.domain.work import Actor, Work
from omnichannel.web import guard, labels, pages, scene
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
LANGUAGES = (("id", "Indonesia"), ("en", "Inggris"))
MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One officer in the list: the hours as they were asked for, the same in words, and what they know in words."""

    person: Staff
    turn: Turn
    load: int
    days: tuple[int, ...]
    begin: time
    end: time
    hours: str
    skills: str


def routes() -> list[web.RouteDef]:
    leave = Action.MANAGE_RULES
    return [
        web.get("/kelola/giliran", guard.allow(home, leave)),
        web.post("/kelola/giliran", guard.allow(switch, leave)),
        web.post(r"/kelola/giliran/{id:\d{1,18}}", guard.allow(keep, leave)),
    ]


async def home(request: web.Request) -> web.StreamResponse:
    """Everybody who answers citizens, with their roster."""
    parts = house(request)

    def question(work: Work) -> tuple[bool, list[Turn], list[Staff], dict[int, int]]:
        return work.turns.switched(SWITCH), work.turns.all(), work.people.all(), work.turns.loads()

    seen, (on, turns, people, loads) = await scene.read(request, question)
    held = {one.staff_id: one for one in turns}
    now, calendar, wording = parts.clock.now(), parts.clocks.calendar, pages.wording(request)
    able = [one for one in people if (one.disabled_at is None and may(one, Action.REPLY)) or one.id in held]
    context: dict[str, Any] = scene.setting(request, seen, "giliran") | {
        "on": on,
        "rows": [_row(one, held.get(one.id, Turn(staff_id=one.id)), loads.get(one.id, 0), wording) for one in able],
        "duty": {one.staff_id for one in turns if one.on_duty(now, calendar)},
        "days": list(enumerate(DAYS)),
        "channels": [(channel.value, stanza.word) for channel, stanza in STANZAS.items()],
        "all_topics": list(labels.TOPICS.items()),
        "languages": LANGUAGES,
    }
    return pages.page(request, "turns.html", **context)


async def switch(request: web.Request) -> web.StreamResponse:
    """All of it on or off."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    on = fields.get("nyala") == "ya"

    def story(work: Work) -> None:
        work.turns.switch(SWITCH, on, staff.name, now)
        work.note(_who(staff), "dealing_switched", "rule", 0, at=now, after="nyala" if on else "mati")

    await house(request).store.write(story)
    return scene.back({}, "/kelola/giliran", "tersimpan")


async def keep(request: web.Request) -> web.StreamResponse:
    """One officer's roster."""
    fields, staff, number = await guard.fields(request), guard.staff(request), int(request.match_info["id"])
    begin, end, now = _hour(fields.get("mulai")), _hour(fields.get("sampai")), house(request).clock.now()
    chosen = [int(one) for one in _all(fields, "hari") if one in "0123456" and len(one) == 1]
    most = fields.get("paling")
    if not isinstance(most, str) or not most.isdecimal() or not 1 <= int(most[:4]) <= MOST:
        raise Invalid(f"Isi paling banyak berapa percakapan, 1 sampai {MOST}.")
    on = "ikut" in fields
    if on and not chosen:
        raise Invalid("Pilih paling sedikit satu hari.")
    # A shift over midnight is two spans: until the day's end, and from the next day's beginning.
    days: dict[int, list[tuple[time, time]]] = {day: [] for day in range(7)}
    for day in chosen:
        if begin < end:
            days[day].append((begin, end))
        else:
            days[day].append((begin, time.max))
            if end > time.min:
                days[(day + 1) % 7].insert(0, (time.min, end))
    turn = Turn(
        staff_id=number,
        on=on,
        days={day: tuple(spans) for day, spans in days.items() if spans},
        most=int(most),
        topics=tuple(one for one in _all(fields, "topik") if one in labels.TOPICS),
        channels=tuple(one for one in _all(fields, "kanal") if one in {str(channel.value) for channel in STANZAS}),
        languages=tuple(one for one in _all(fields, "bahasa") if one in dict(LANGUAGES)),
    )

    def story(work: Work) -> None:
        person = work.people.get(number)
        if person is None:
            raise NotFound("Petugas itu tidak ada.")
        work.turns.keep(turn)
        work.note(_who(staff), "roster_kept", "staff", number, at=now, after=person.name)

    await house(request).store.write(story)
    return scene.back({}, "/kelola/giliran", "tersimpan")


def shift(days: Mapping[int, Sequence[tuple[time, time]]]) -> tuple[tuple[int, ...], time, time] | None:
    """The days, beginning and end that were asked for: what runs over midnight is put together again. None: no hours."""
    late = tuple(day for day in sorted(days) if any(until == time.max for _, until in days[day]))
    if not late:
        kept = tuple(day for day in sorted(days) if days[day])
        return (kept, *days[kept[0]][0]) if kept else None
    begin = next(since for since, until in days[late[0]] if until == time.max)
    morning = [until for since, until in days.get((late[0] + 1) % 7, ()) if since == time.min and until != time.max]
    return late, begin, morning[0] if morning else time.min


def _row(person: Staff, turn: Turn, load: int, wording: Wording) -> Row:
    asked = shift(turn.days)
    days, begin, end = asked or (tuple(range(5)), time(8), time(16))
    words = [labels.topic(one) for one in turn.topics]
    words += [stanza.word for channel, stanza in STANZAS.items() if channel.value in turn.channels]
    words += [word for key, word in LANGUAGES if key in turn.languages]
    hours = f"{_said(days, wording)}, {_clock(begin, wording)}–{_clock(end, wording)}" if asked else ""
    return Row(person, turn, load, days, begin, end, hours, ", ".join(wording.t(one) for one in words))


def _said(days: Sequence[int], wording: Wording) -> str:
    """Senin–Jumat, or Senin, Rabu: days that follow one another are a span from three on."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = [[wording.t(DAYS[day]) for day in run] for run in runs]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in named)


def _clock(hour: time, wording: Wording) -> str:
    return hour.strftime("%H:%M" if wording.english else "%H.%M")


def _hour(field: object) -> time:
    if not isinstance(field, str) or not HOUR.fullmatch(field):
        raise Invalid("Tulis jam seperti 21:00.")
    return time.fromisoformat(field)


def _all(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = fields.getall(name, []) if hasattr(fields, "getall") else []
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str)))


def _who(staff: Staff) -> Actor:
    return Actor(f"staff:{staff.id}", staff.name)
