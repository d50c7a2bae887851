"""`[push]`: whom a push service may write to, and push services that we do not know by ourselves."""

import re

from omnichannel.domain.pushing import PushRules
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source

KEYS = ("contact", "services")
SERVICE = re.compile(r"(?:https://|http://127\.0\.0\.1|http://localhost)?(?:\*\.)?[A-Za-z0-9.-]*(?::\d{1,5})?")


def load_push(main: Row, source: Source, *, public_url: str) -> PushRules:
    """Exact errors for what cannot be."""
    found = main.raw("push")
    row = Row({} if found is None else found, main.file, "push", KEYS)
    contact = row.optional_text("contact") or (public_url if public_url.startswith("https://") else "")
    if contact and not contact.startswith(("mailto:", "https://")):
        row.wrong("contact", "an address such as mailto:humas@example.go.id or https://desk.example.go.id")
    services = row.texts("services")
    if not all(SERVICE.fullmatch(one) and one.strip("*./:") for one in services):
        row.wrong("services", 'hosts such as ["push.example.org"]')
    # RFC 8292, section 2.1: a service wants to know whom to ask when we misbehave; Apple's refuses without.
    return PushRules(contact or "mailto:kontak@localhost.invalid", services, source.secret("OMNI_PUSH_KEY"))
