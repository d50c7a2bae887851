"""A template of our business account as staff choose it, and what the platform says of its state.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_status_update
(2026-11-22) lists the states; a flagged or locked one can still be sent.
"""

from collections.abc import Mapping
from typing import Any

from omnichannel.connectors.reading import part, parts, word
from omnichannel.domain.message import Template

STATES = {
    "APPROVED": "approved", "REINSTATED": "approved", "FLAGGED": "approved", "LOCKED": "approved",
    "PENDING": "pending", "IN_APPEAL": "pending", "REJECTED": "rejected", "PAUSED": "paused",
    "DISABLED": "disabled", "PENDING_DELETION": "disabled", "DELETED": "disabled", "LIMIT_EXCEEDED": "disabled",
    "ARCHIVED": "disabled",
}  # fmt: skip
NOTHING = ("", "NONE", "NULL")
# Buttons that need no value of ours unless their link has a place for one.
PLAIN_BUTTONS = ("QUICK_REPLY", "PHONE_NUMBER", "URL")

Item = Mapping[str, Any]


def template(item: Item) -> Template:
    """Its words as the citizen will read them, with {{1}} or {{name}} where theirs go."""
    components = parts(item, "components")
    stated, why = word(item, "status") or "", word(item, "rejected_reason") or ""
    return Template(
        name=word(item, "name") or "",
        language=word(item, "language") or word(part(item, "language"), "code") or "",
        state=state(stated),
        category=(word(item, "category") or "").lower(),
        text="\n\n".join(filter(None, (_words(components, kind) for kind in ("HEADER", "BODY", "FOOTER", "BUTTONS")))),
        plain=all(_is_plain(one) for one in components),
        why="" if why.upper() in NOTHING else why,
    )


def state(stated: str) -> str:
    """In our five words; a state of the future stays as the platform says it."""
    return STATES.get(stated.upper(), stated.lower() or "unknown")


def news_of(value: Item) -> dict[str, str]:
    """Which template a status webhook speaks of, and what became of it; empty for other news."""
    name, event = word(value, "message_template_name"), word(value, "event")
    if not name or not event:
        return {}
    held = (value, part(value, "rejection_info"))
    told = [*(word(one, "reason") for one in held), word(part(value, "other_info"), "description")]
    why = "; ".join(one for one in told if one and one.upper() not in NOTHING)
    language = word(value, "message_template_language") or ""
    return {"template": name, "language": language, "state": state(event), "why": why}


def _kind(component: Item) -> str:
    return (word(component, "type") or "").upper()


def _words(components: list[Any], kind: str) -> str:
    found: Item = next((one for one in components if _kind(one) == kind), {})
    if kind == "BUTTONS":
        return " ".join(f"[{label}]" for one in parts(found, "buttons") if (label := word(one, "text")))
    return word(found, "text") or ""


def _is_plain(component: Item) -> bool:
    """Whether the words of the body are all that we must give."""
    kind = _kind(component)
    if kind == "BODY" or kind == "FOOTER":
        return True
    if kind == "HEADER":
        return (word(component, "format") or "TEXT").upper() == "TEXT" and "{{" not in (word(component, "text") or "")
    if kind == "BUTTONS":
        return all(
            _kind(one) in PLAIN_BUTTONS and "{{" not in (word(one, "url") or "") for one in parts(component, "buttons")
        )
    return False
