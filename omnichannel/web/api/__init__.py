"""The JSON API: the desk's conversations, messages, cases, contacts and files for the office's other systems."""

from aiohttp import web

from omnichannel.web.api import document, labelling, reading, writing
from omnichannel.web.api.operation import Operation, route


def operations() -> list[Operation]:
    """Everything that can be asked, as the document tells it."""
    return [*reading.OPERATIONS, *writing.OPERATIONS, *labelling.OPERATIONS]


def routes() -> list[web.RouteDef]:
    known = operations()
    return [*(route(one) for one in known), *document.routes(known)]
