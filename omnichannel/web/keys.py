"""What every handler finds on its application and its request."""

from aiohttp import web

from omnichannel.domain.house import House
from omnichannel.domain.people import Staff
from omnichannel.domain.tokens import Token
from omnichannel.domain.work import Session

HOUSE = web.AppKey("house", House)
STAFF = web.RequestKey("staff", Staff)
SESSION = web.RequestKey("session", Session)
TOKEN = web.RequestKey("token", Token)


def house(request: web.Request) -> House:
    """The parts that the roof has chosen."""
    return request.app[HOUSE]
