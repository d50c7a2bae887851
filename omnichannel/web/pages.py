"""Templates become pages and fragments; the one door of Jinja.

Each language has its own compiled templates: a sentence or a drawing that a template names outright is looked up when it is
compiled, and stands there as text (of 300 sentences in the panes of a conversation all but a few dozen).

`t`, `icon`, `asset`, `due_chip`, `office`, `stanza`, `csrf_here`, `counted` and every filter work everywhere, also in macros imported without context.
`staff`, `csrf`, `lang`, `theme`, `may`, `path`, `wording` come with each page and may be None or empty before login.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
from aiohttp import web
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from omnichannel.domain.case import Case
from omnichannel.domain.channel import STANZAS, Channel, Stanza
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.house import House
from omnichannel.domain.policy import Action, may
from omnichannel.domain.privacy import mask
from omnichannel.web import assets, guard
from omnichannel.web.english import LANGUAGES, translated
from omnichannel.web.keys import STAFF, house
from omnichannel.web.wording import Chip, Wording, masked_phone

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "omni_theme"
FILTERS = ("clock", "day", "shortday", "longday", "moment", "ago", "size", "number", "percent")

# A macro that is imported without context sees globals only, and is read once a process instead of once a page; so the
# reader and the scene of the page being drawn stand here. Drawing never awaits, and the values are set back at once.
_reader: ContextVar[Wording] = ContextVar("reader")
_scene: ContextVar[Mapping[str, Any]] = ContextVar("scene")


@dataclass(frozen=True, slots=True)
class Pages:
    """The compiled templates of each language, and the files they name."""

    templates: Mapping[str, jinja2.Environment]
    assets: assets.Assets

    def draw(self, name: str, wording: Wording, context: dict[str, Any]) -> str:
        """TemplateNotFound when there is no such page."""
        template = self.templates[wording.lang].get_template(name)
        token, before = _reader.set(wording), _scene.set(context)
        try:
            return template.render(context)
        finally:
            _reader.reset(token)
            _scene.reset(before)


class Kept:
    """`{% call kept(…) %}` draws its inside once for all that it names: forty officers read the same rows, and a list is
    drawn anew with every word that comes in. In the memory of one process, the least recently seen go first."""

    def __init__(self, most: int = 4096) -> None:
        self._most = most
        self._drawn: OrderedDict[tuple[Hashable, ...], str] = OrderedDict()

    def __call__(self, *key: Hashable, caller: Callable[[], str]) -> str:
        found = self._drawn.get(key)
        if found is None:
            found = self._drawn[key] = caller()
            if len(self._drawn) > self._most:
                self._drawn.popitem(last=False)
        else:
            self._drawn.move_to_end(key)
        return found


class _Compiled(jinja2.BytecodeCache):
    """Each template is compiled once a process, however many applications it holds: the tests hold hundreds."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class _Spoken(jinja2.Environment):
    """The templates of one language."""

    drawn: Mapping[str, Callable[..., str]]  # what a call with nothing but constants becomes while compiling

    def _generate(self, source: nodes.Template, *more: Any, **named: Any) -> str:
        return super()._generate(_Outright(self.drawn).visit(source), *more, **named)


class _Outright(NodeTransformer):
    """`t("…")` and `icon("…")` with nothing but constants become what they say."""

    def __init__(self, drawn: Mapping[str, Callable[..., str]]) -> None:
        self._drawn = drawn

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        given = [*node.args, *(one.value for one in node.kwargs)]
        if not isinstance(node.node, nodes.Name) or node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        if node.node.name not in self._drawn or not all(isinstance(one, nodes.Const) for one in given):
            return node
        plain = [one.value for one in node.args if isinstance(one, nodes.Const)]
        named = {one.key: one.value.value for one in node.kwargs if isinstance(one.value, nodes.Const)}
        return nodes.Const(self._drawn[node.node.name](*plain, **named), lineno=node.lineno)


_compiled = {lang: _Compiled() for lang in LANGUAGES}
PAGES = web.AppKey("pages", Pages)


def setup(application: web.Application, parts: House) -> None:
    """Ready the templates; the application needs its House first."""
    files = assets.carried()
    application[PAGES] = Pages({lang: _environment(lang, files, parts) for lang in LANGUAGES}, files)


def _environment(lang: str, files: assets.Assets, parts: House) -> jinja2.Environment:
    templates = _Spoken(
        loader=jinja2.PackageLoader("omnichannel.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled[lang],
        cache_size=-1,
    )
    icon = _icon_maker(files)
    templates.drawn = {"t": lambda text, **fields: translated(text, lang, fields), "icon": icon}
    templates.filters.update({name: _written(name) for name in FILTERS})
    templates.filters["masked_phone"] = masked_phone
    templates.filters["masked"] = mask
    templates.globals.update(
        t=_t,
        icon=icon,
        asset=files.address,
        due_chip=_due_chip,
        shut_chip=_shut_chip,
        stanza=_stanza,
        office=parts.office,
        Action=Action,
        csrf_here=lambda: _scene.get()["csrf"],
        counted=lambda key: _scene.get()["counts"].get(key, 0),
        is_reader=_is_reader,
        kept=Kept(),
    )
    return templates


def page(request: web.Request, template: str, status: int = 200, /, **context: object) -> web.Response:
    """A whole page. Staff pages are never kept by a browser or proxy (the frame's headers say so)."""
    return _response(request, template, status, context)


def fragment(request: web.Request, template: str, status: int = 200, /, **context: object) -> web.Response:
    """A piece of a page for htmx: the same template language, never cached beside the page of the same address."""
    response = _response(request, template, status, context)
    response.headers["Vary"] = "HX-Request"
    return response


def wants_fragment(request: web.Request) -> bool:
    """Whether htmx asked for a piece; going back in history and boosted links want the whole page."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers and "HX-Boosted" not in headers


def wording(request: web.Request) -> Wording:
    """How this reader's page writes moments and numbers."""
    parts = house(request)
    return Wording(
        lang=guard.lang(request),
        zone=parts.office.zone,
        zone_name=parts.office.zone_name,
        now=parts.clock.now(),
        calendar=parts.clocks.calendar,
    )


def theme(request: web.Request) -> str:
    """auto, light or dark: the reader's own choice."""
    wanted = request.cookies.get(THEME_COOKIE, "auto")
    return wanted if wanted in THEMES else "auto"


def _response(request: web.Request, template: str, status: int, context: dict[str, object]) -> web.Response:
    reader = wording(request)
    staff = request.get(STAFF)

    def allowed(action: Action | str, thing: Conversation | Case | None = None) -> bool:
        return staff is not None and bool(may(staff, Action(action), thing))

    scene: dict[str, Any] = {
        "staff": staff,
        "csrf": guard.csrf(request),
        "lang": reader.lang,
        "theme": theme(request),
        "may": allowed,
        "path": request.rel_url.raw_path_qs,
        "wording": reader,
        "now": reader.now,
        "today": reader.today,
        **context,
    }
    text = request.app[PAGES].draw(template, reader, scene)
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


def _written(name: str) -> Callable[[Any], str]:
    def written(value: Any) -> str:
        text: str = getattr(_reader.get(), name)(value)
        return text

    return written


def _t(text: str, /, **fields: object) -> str:
    return _reader.get().t(text, **fields)


def _due_chip(due: Any, today: Any = None) -> Chip | None:
    return _reader.get().due_chip(due, today)


def _shut_chip(shuts: Any) -> Chip | None:
    return _reader.get().shut_chip(shuts)


def _is_reader(staff_id: int) -> bool:
    staff = _scene.get()["staff"]
    return staff is not None and staff.id == staff_id


def _stanza(channel: str) -> Stanza:
    """What a channel is called, and its mark."""
    return STANZAS[Channel(channel)]


def _icon_maker(files: assets.Assets) -> Callable[..., Markup]:
    @lru_cache(maxsize=1024)
    def icon(name: str, size: int = 16, title: str | None = None, cls: str = "") -> Markup:
        """A drawing of the sprite. Without a title it is decoration, and a screen reader passes over it."""
        sprite = files.address("icons.svg")
        naming = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
        classes = f"icon {cls}".strip()
        return Markup(
            f'<svg class="{escape(classes)}" width="{size}" height="{size}" {naming} focusable="false">'
            f'<use href="{sprite}#i-{escape(name)}"/></svg>'
        )

    return icon
