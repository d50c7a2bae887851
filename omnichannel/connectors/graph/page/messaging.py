"""One item of `messaging` or `standby` becomes events: words, edits, reactions, ticks, buttons, handovers.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events and
…/business-messaging/instagram-messaging/webhooks (seen 2026-11-22).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from omnichannel.connectors.graph.page import words
from omnichannel.connectors.graph.page.contents import contents
from omnichannel.connectors.graph.page.scene import Item, Place, Scene, party, when
from omnichannel.connectors.reading import Unreadable, digest, glance, part, things, word
from omnichannel.domain.message import Delivery, Event, EventType, iso


def direct(item: object, place: Place, *, standby: bool = False) -> list[Event]:
    """Everything one item says. Unreadable: it cannot be read, and its neighbours go on without it."""
    if not isinstance(item, dict):
        raise Unreadable(f"pesan: objek, bukan {type(item).__name__}")
    scene = _scene(item, place, standby=standby)
    held = [kind for kind in READERS if item.get(kind) is not None]
    if held:
        return [event for kind in held for one in _objects(item, kind) for event in READERS[kind](one, scene)]
    if any(kind in item for kind in READERS):
        raise Unreadable(f"{next(kind for kind in READERS if kind in item)}: objek, bukan NoneType")
    return [_unknown(item, scene)]


def _objects(item: Item, kind: str) -> list[Item]:
    """What stands under a kind: one object, in some relays a list of them."""
    held = item[kind] if isinstance(item[kind], list) else [item[kind]]
    for one in held:
        if not isinstance(one, dict):
            raise Unreadable(f"{kind}: objek, bukan {type(one).__name__}")
    if not held:
        raise Unreadable(f"{kind}: kosong")
    return held


def _scene(item: Item, place: Place, *, standby: bool) -> Scene:
    """Whose words: an echo is ours, and so is whatever our own id sent. The thread bears the citizen's id."""
    sender, recipient = party(item, "sender"), party(item, "recipient")
    if not sender.id:
        sender = party(item.get("optin"), "user_ref")
    marked = [holder.get(key) is True for holder in (item, part(item, "message")) for key in ("is_echo", "is_self")]
    ours = any(marked) or sender.id in place.own
    return Scene(
        author=sender,
        thread=recipient.id if ours else sender.id,
        at=when(item, "timestamp", "time") or place.at,
        ours=ours,
        extra={"standby": "yes"} if standby else {},
    )


def _message(held: Item, scene: Scene) -> list[Event]:
    number = word(held, "mid") or word(held, "id")
    if number is None:
        raise Unreadable("message tanpa mid")
    if held.get("is_deleted") is True:
        return [scene.about(EventType.WITHDRAWN, number, scene.stamp)]
    _must_have_a_citizen(scene)
    inside = contents(held)
    answered = part(held, "reply_to")
    type = EventType.ECHO if scene.ours else EventType.INCOMING if inside.known else EventType.UNKNOWN
    said = scene.event(
        type,
        number,
        text=inside.text,
        # A link lives some days; by the message's id the Graph gives a fresh one.
        attachments=tuple(replace(file, id=f"{number}/{at}") for at, file in enumerate(inside.attachments)),
        location=inside.location,
        reply_to=word(answered, "mid") or word(part(answered, "story"), "id"),
        quoted=_quoted(held, answered),
        extra={**inside.extra, **_circumstances(held, answered)},
    )
    return [said]


def _quoted(held: Item, answered: Item) -> str | None:
    """What the citizen speaks of, where it is no message of the thread: a story, an advertisement, a product."""
    story, origin = part(answered, "story"), part(held, "referral")
    if story:
        return f"Story: {word(story, 'url') or word(story, 'id') or '?'}"
    if origin:
        ad = part(origin, "ads_context_data")
        lines = (word(ad, "ad_title"), word(part(origin, "product"), "id"), word(origin, "ref"))
        return "\n".join(filter(None, lines)) or None
    return None


def _circumstances(held: Item, answered: Item) -> dict[str, str]:
    origin = part(held, "referral")
    facts = {
        "app": word(held, "app_id") if held.get("is_echo") is True else None,
        # What we wrote beside our own message: it settles a send whose answer never came.
        "key": word(held, "metadata") if held.get("is_echo") is True else None,
        "story": word(part(answered, "story"), "id"),
        "referral": (word(origin, "source") or "link") if origin else None,
        "referral_id": word(origin, "ad_id"),
    }
    return {key: value for key, value in facts.items() if value}


def _edited(held: Item, scene: Scene) -> list[Event]:
    number = word(held, "mid")
    if number is None:
        raise Unreadable("message_edit tanpa mid")
    _must_have_a_citizen(scene)
    mark = scene.stamp or word(held, "num_edit") or ""
    inside = contents(held) if held.get("text") or held.get("attachments") else None
    if inside is None:
        # Instagram tells of an edit without the new words: the old ones must not be wiped.
        return [scene.about(EventType.NOTICE, number, f"edited:{mark}", text=words.EDITED_UNSEEN)]
    return [scene.about(EventType.EDITED, number, mark, text=inside.text, attachments=inside.attachments)]


def _reaction(held: Item, scene: Scene) -> list[Event]:
    """Put, changed, or (unreact) taken back."""
    target = word(held, "mid")
    if target is None:
        raise Unreadable("reaction tanpa mid")
    named = (word(held, "reaction") or "").lower()
    emoji = word(held, "emoji") or words.EMOJI.get(named) or named or "?"
    if (word(held, "action") or "react").lower() in ("unreact", "remove"):
        emoji = ""
    mark = f"{emoji or '-'}:{scene.author.id}:{scene.stamp}"
    return [scene.about(EventType.REACTION, target, mark, text=emoji)]


def _read(held: Item, scene: Scene) -> list[Event]:
    return _ticks(held, scene, Delivery.READ)


def _delivered(held: Item, scene: Scene) -> list[Event]:
    return _ticks(held, scene, Delivery.DELIVERED)


def _ticks(held: Item, scene: Scene, status: Delivery) -> list[Event]:
    """One receipt a message that is named. Messenger's read tick names none: everything until its watermark is meant,
    and the receipt then has no target, only the thread and the watermark."""
    named = [*things(held, "mids"), held.get("mid")]
    targets = list(dict.fromkeys(found for one in named if (found := word({"mid": one}, "mid"))))
    if targets:
        return [scene.about(EventType.RECEIPT, target, status.value, status=status) for target in targets]
    watermark = when(held, "watermark")
    if watermark is None:
        raise Unreadable(f"{status}: mid, mids, atau watermark")
    _must_have_a_citizen(scene)
    mark = f"{scene.thread}#receipt#{status}:{iso(watermark)}"
    return [scene.event(EventType.RECEIPT, mark, status=status, extra={"watermark": iso(watermark)})]


def _postback(held: Item, scene: Scene) -> list[Event]:
    """A button pressed: its title is what the citizen saw, its payload what it means."""
    _must_have_a_citizen(scene)
    title, payload = word(held, "title"), word(held, "payload")
    if title is None and payload is None:
        raise Unreadable("postback tanpa title dan payload")
    text = "\n".join(dict.fromkeys(filter(None, (title, payload))))
    number = word(held, "mid") or f"postback:{scene.thread}:{scene.stamp}:{digest(held)[:16]}"
    extra = {"choice": payload} if payload else {}
    return [scene.event(EventType.INCOMING, number, text=text, quoted=_quoted(held, {}), extra=extra)]


def _notice(kind: str, held: Item, scene: Scene, text: str) -> list[Event]:
    name = f"{kind}:{scene.thread}#notice#{scene.stamp}:{digest(held)[:16]}"
    target = word(held, "mid")
    return [scene.event(EventType.NOTICE, name, text=text, target=target, extra={"kind": kind})]


def _referral(held: Item, scene: Scene) -> list[Event]:
    named = (word(held, "ref"), word(held, "ad_id"), word(held, "source"), word(held, "referer_uri"))
    ref = ", ".join(dict.fromkeys(filter(None, named))) or glance(held)
    return _notice("referral", held, scene, words.REFERRAL.format(ref=ref))


def _optin(held: Item, scene: Scene) -> list[Event]:
    named = (word(held, "title"), word(held, "ref"), word(held, "type"), word(held, "payload"))
    what = next((one for one in named if one), glance(held))
    stopped = (word(held, "notification_messages_status") or "").upper().startswith("STOP")
    return _notice("optin", held, scene, (words.OPTOUT if stopped else words.OPTIN).format(what=what))


def _linking(held: Item, scene: Scene) -> list[Event]:
    text = words.UNLINKED if word(held, "status") == "unlinked" else words.LINKED
    return _notice("account_linking", held, scene, text)


def _handover(kind: str, phrase: str) -> Callable[[Item, Scene], list[Event]]:
    def read(held: Item, scene: Scene) -> list[Event]:
        old = word(held, "previous_owner_app_id") or "?"
        new = word(held, "new_owner_app_id") or word(held, "requested_owner_app_id") or "?"
        note = word(held, "metadata")
        text = phrase.format(old=old, new=new)
        return _notice(kind, held, scene, f"{text} {note}" if note else text)

    return read


def _policy(held: Item, scene: Scene) -> list[Event]:
    action, reason = word(held, "action") or "?", word(held, "reason") or glance(held)
    return _notice("policy_enforcement", held, scene, words.POLICY.format(action=action, reason=reason))


def _told(kind: str, phrase: str) -> Callable[[Item, Scene], list[Event]]:
    def read(held: Item, scene: Scene) -> list[Event]:
        named = (word(held, "feedback"), word(held, "game_id"), word(held, "title"))
        what = next((one for one in named if one), glance(held))
        return _notice(kind, held, scene, phrase.format(what=what))

    return read


def _unknown(item: Item, scene: Scene) -> Event:
    """A kind of the future, kept whole in its thread."""
    rest = {key: value for key, value in item.items() if key not in ("sender", "recipient", "timestamp", "time")}
    if not rest:
        raise Unreadable("butir tanpa isi")
    name = f"{scene.thread}#unknown#{scene.stamp}:{digest(item)[:16]}"
    found = scene.event(EventType.UNKNOWN, name, text=glance(rest))
    return found if scene.thread else replace(found, problem="butir tanpa pengirim dan tanpa isi yang dikenal")


def _must_have_a_citizen(scene: Scene) -> None:
    if not scene.thread:
        raise Unreadable("butir tanpa sender atau recipient")


Reader = Callable[[Item, Scene], list[Event]]
READERS: dict[str, Reader] = {
    "message": _message,
    "message_edit": _edited,
    "message_edits": _edited,
    "reaction": _reaction,
    "read": _read,
    "delivery": _delivered,
    "postback": _postback,
    "referral": _referral,
    "optin": _optin,
    "account_linking": _linking,
    "pass_thread_control": _handover("pass_thread_control", words.PASSED),
    "take_thread_control": _handover("take_thread_control", words.TAKEN),
    "request_thread_control": _handover("request_thread_control", words.ASKED),
    "app_roles": _told("app_roles", words.ROLES),
    "policy_enforcement": _policy,
    "policy-enforcement": _policy,
    "game_play": _told("game_play", words.GAME),
    "response_feedback": _told("response_feedback", words.FEEDBACK),
    "messaging_feedback": _told("messaging_feedback", words.FEEDBACK),
}


def is_direct(thing: Any) -> bool:
    """Whether an object is an item of `messaging`, wherever it was found."""
    if not isinstance(thing, dict):
        return False
    if part(thing, "message") and word(thing["message"], "mid"):
        return True
    parties = "sender" in thing or "recipient" in thing
    return parties and ("timestamp" in thing or any(isinstance(thing.get(kind), dict) for kind in READERS))
