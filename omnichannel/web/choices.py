"""The long menus of the panes: two hundred units, the topics, the colleagues.

A whole page writes each of them out, so that it works without script. The panes that a click fetches name the chosen one
alone: the page holds each list once (`parts/choices.html`), and a menu takes it when it is opened.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from omnichannel.domain.organisation import Organisation
from omnichannel.domain.people import Staff
from omnichannel.web import labels

Say = Callable[..., str]
Pairs = tuple[tuple[str, str], ...]


def menus(organisation: Organisation, say: Say, *, lean: bool) -> dict[str, Any]:
    """As templates ask for them: `{{ unit_options(key) }}` within its menu, `{{ takes("unit") }}` on it."""
    topics = tuple((key, say(word)) for key, word in labels.TOPICS.items())
    return {
        "lean": lean,
        "takes": lambda name: Markup(f' data-choices="{escape(name)}"') if lean else "",
        "unit_options": lambda chosen=None: options(labels.unit_choices(organisation), chosen, lean=lean),
        "topic_options": lambda chosen=None: options(topics, chosen, lean=lean),
        "mate_options": lambda mates, chosen, mine: options(_named(mates, mine, say), chosen, lean=lean),
    }


def options(pairs: Pairs, chosen: str | None, *, lean: bool = False) -> Markup:
    """The options of a menu; of a lean one only what is chosen."""
    if lean:
        return _written(tuple(pair for pair in pairs if pair[0] == chosen), chosen)
    whole = _written(pairs, None)
    if chosen is None:
        return whole
    value = f'value="{escape(chosen)}"'
    return Markup(str.replace(whole, f"{value}>", f"{value} selected>", 1))


@lru_cache(maxsize=64)
def _written(pairs: Pairs, chosen: str | None) -> Markup:
    one = '<option value="{}"{}>{}</option>'
    mark = {True: " selected", False: ""}
    return Markup("".join(one.format(escape(key), mark[key == chosen], escape(word)) for key, word in pairs))


def _named(mates: Iterable[Staff], mine: int, say: Say) -> Pairs:
    you = say("Anda")
    return tuple((str(one.id), f"{one.name} ({you})" if one.id == mine else one.name) for one in mates)
