"""One aiohttp application from the parts of the house: who is asked in which order, and every route."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator

from aiohttp import web

import omnichannel.web
from omnichannel.domain.house import House
from omnichannel.web import frame, guard, live, login, mishaps, pages, presence, public, public_figures, webhooks
from omnichannel.web.keys import HOUSE as HOUSE
from omnichannel.web.metrics import METRICS, Metrics

UPLOAD_LIMIT = 52 * 1024 * 1024  # the largest form: a citizen's, with five files of 10 MB


def build(house: House, *, extra: Callable[[web.Application], None] | None = None) -> web.Application:
    """The application. `extra` may add routes of its own (the demo's toys), each with its decision."""
    application = web.Application(
        middlewares=[frame.watch, mishaps.middleware, guard.middleware], client_max_size=UPLOAD_LIMIT
    )
    application[HOUSE] = house
    application[METRICS] = Metrics()
    application.on_response_prepare.append(frame.dress)
    pages.setup(application, house)
    login.setup(application)
    live.setup(application)
    presence.setup(application)
    webhooks.setup(application, house)
    public.setup(application)
    public_figures.setup(application)
    for table in tables():
        application.router.add_routes(table)
    serve_asset = guard.allow(application[pages.PAGES].assets.serve, public=True)
    application.router.add_get("/static/{path:.+}", serve_asset)
    if extra is not None:
        extra(application)
    return application


def tables() -> Iterator[list[web.RouteDef]]:
    """The routes of every module of this room that has some: a new page is one new file, and cannot be forgotten."""
    for found in sorted(pkgutil.iter_modules(omnichannel.web.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"{omnichannel.web.__name__}.{found.name}")
        if hasattr(module, "routes"):
            yield module.routes()
