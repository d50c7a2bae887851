"""What a platform's notice changes in what we keep: a template's state, a comment's sight."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.message import Event, Template
from omnichannel.domain.outreach import Sight, Veil
from omnichannel.domain.work import Work
from omnichannel.inbox import templates


def notice(work: Work, account: str, event: Event, now: datetime) -> None:
    """Write down what it says beyond its words."""
    if event.extra.get("template"):
        _template(work, account, event, now)
    if event.extra.get("hidden") in ("yes", "no") and event.target is not None:
        _sight(work, account, event, now)


def _template(work: Work, account: str, event: Event, now: datetime) -> None:
    """The kept state follows at once; a template that we have never seen is asked for."""
    name, language = event.extra["template"], event.extra.get("language", "")
    kept = [one for one in work.outreach.templates(account) if one.template.name == name]
    known = next((one.template for one in kept if one.template.language == language), None)
    if known is None:
        known = Template(name=name, language=language, state="", plain=False)
        templates.ask(work, account, now)
    told = replace(known, state=event.extra.get("state", known.state), why=event.extra.get("why", ""))
    work.outreach.keep_template(account, told, now)


def _sight(work: Work, account: str, event: Event, now: datetime) -> None:
    """Somebody hid or showed a comment, we or the platform's own app."""
    message = work.messages.by_external(account, event.target or "")
    if message is None:
        return
    sight = Sight.HIDDEN if event.extra["hidden"] == "yes" else Sight.SHOWN
    seen = work.outreach.veil_of(message.id)
    wanted = {Sight.HIDING: Sight.HIDDEN, Sight.SHOWING: Sight.SHOWN}.get(seen.sight) if seen else None
    if wanted is not None and wanted is not sight:
        return  # Old news: what we have just asked for is still on its way.
    if seen is None or seen.sight is not sight:
        work.outreach.veil(Veil(message.id, sight, now, seen.staff_id if seen else None))
