"""News of our account, our templates, our number and the citizens' choices: kept and told, never a citizen's word."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from omnichannel.connectors.reading import digest, glance, part, parts, things, word
from omnichannel.connectors.whatsapp.messages import problem_of, when, why
from omnichannel.connectors.whatsapp.people import NOBODY, Circle
from omnichannel.connectors.whatsapp.templates import news_of
from omnichannel.connectors.whatsapp.words import (
    CALL,
    CALLED,
    CONTACT,
    ERROR,
    FACTS,
    FIELDS,
    HISTORY,
    PREFERENCES,
    REFUSED_HISTORY,
    RENAMED,
)
from omnichannel.domain.message import Author, Event, EventType, iso

Item = dict[str, Any]


def error(item: Item, circle: Circle, subject: str) -> Event:
    """An error that belongs to no message in particular."""
    beside = {"errors": [item]}
    found = _notice(f"error:{circle.number_id or subject}", item, NOBODY, ERROR.format(why=why(beside)))
    return replace(found, error=problem_of(beside))


def preference(item: Item, circle: Circle, subject: str) -> Event:
    """A citizen stops or resumes marketing messages."""
    citizen = circle.person(word(item, "user_id"), word(item, "wa_id"))
    text = PREFERENCES.get(word(item, "value") or "") or word(item, "detail") or glance(item)
    return _notice(f"user_preferences:{citizen.id}", item, citizen, text)


def new_id(item: Item, circle: Circle, subject: str) -> Event:
    """A citizen's BSUID changed: the old thread is told where it goes on."""
    ids = part(item, "user_id")
    old = word(ids, "previous") or word(item, "previous_user_id")
    new = word(ids, "current") or word(item, "current_user_id") or word(item, "user_id")
    citizen = circle.person(old, word(item, "wa_id"))
    text = RENAMED.format(old=old or "?", new=new or "?")
    found = _notice(f"user_id_update:{citizen.id}", item, citizen, text)
    return replace(found, extra={"moved_to": new}) if new else found


def call(item: Item, circle: Circle, subject: str) -> Event:
    """A telephone call, which nobody here can take."""
    theirs = word(item, "direction") != "BUSINESS_INITIATED"
    user, number = ("from_user_id", "from") if theirs else ("to_user_id", "to")
    citizen = circle.person(word(item, user), word(item, number))
    event = word(item, "event") or word(item, "status") or "?"
    text = CALLED if theirs and event == "connect" else CALL.format(event=event)
    return _notice(f"{word(item, 'id') or 'call'}:{event}", item, citizen, text)


def contact(item: Item, circle: Circle, subject: str) -> Event:
    """The office's own address book in the telephone's app."""
    person = part(item, "contact")
    said = [word(person, "full_name") or word(person, "first_name"), word(person, "phone_number")]
    phrase = CONTACT.get(word(item, "action") or "", FIELDS["smb_app_state_sync"])
    text = ": ".join(filter(None, (phrase, ", ".join(filter(None, said)))))
    at = {"timestamp": part(item, "metadata").get("timestamp"), **item}
    return _notice(f"smb_app_state_sync:{word(person, 'phone_number') or '?'}", at, NOBODY, f"{text}.")


def history(value: Item, subject: str) -> Event:
    """Old conversations of the telephone's app. They are no new mail: no deadline may start from them."""
    chunks = parts(value, "history")
    threads = [thread for chunk in chunks for thread in parts(chunk, "threads")]
    count = sum(len(things(thread, "messages")) for thread in threads) + len(things(value, "messages"))
    refused = any(things(chunk, "errors") for chunk in chunks) and not count
    text = REFUSED_HISTORY if refused else HISTORY.format(phrase=FIELDS["history"], n=count)
    return _notice(f"history:{subject}", value, NOBODY, text)


def past(event: Event) -> Event:
    """An old message as the news that it is; what could not be read stays what it is."""
    if event.problem is not None:
        return event
    about = event.target or event.external_id
    return replace(event, type=EventType.NOTICE, external_id=f"{event.external_id}#notice#history", target=about)


def news(field: str, value: Item, entry: Mapping[str, Any], subject: str) -> Event:
    """A change that is told as a whole."""
    inside = [value, *(part(value, key) for key in value), *(one for key in value for one in parts(value, key))]
    told = [fact for key in FACTS for holder in inside if (fact := word(holder, key)) is not None]
    facts = [fact for fact in dict.fromkeys(told) if fact not in ("NONE", "null")]
    text = ": ".join(filter(None, (FIELDS[field], ", ".join(facts) or None)))
    at = value if when(value) else {**value, "timestamp": entry.get("time")}
    found = _notice(f"{field}:{subject}", at, NOBODY, f"{text}.")
    return replace(found, extra=news_of(value)) if field == "message_template_status_update" else found


def group(item: Item, field: str, subject: str) -> Event:
    """Something happened to a group of ours."""
    said = [word(item, key) for key in ("subject", "type", "group_id", "username", "reason")]
    for key in ("added_participants", "removed_participants", "failed_participants"):
        said += [word(one, "username") or word(one, "wa_id") or word(one, "input") for one in parts(item, key)]
    text = f"{FIELDS.get(field, FIELDS['group_status_update'])}: {', '.join(filter(None, said))}."
    found = _notice(f"{field}:{word(item, 'group_id') or subject}", item, NOBODY, text)
    return replace(found, conversation=word(item, "group_id") or "")


def _notice(subject: str, item: Mapping[str, Any], author: Author, text: str) -> Event:
    """Named after what it is about, its time, and itself: Meta gives most of this news no id."""
    at = when(item)
    return Event(
        type=EventType.NOTICE,
        external_id=f"{subject}#notice#{iso(at) if at else ''}:{digest(item)[:16]}",
        conversation=author.id,
        author=author,
        sent_at=at,
        text=text,
    )
