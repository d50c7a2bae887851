"""What a reader sets for their own eyes: language and theme; and a fresh token for a page that slept too long."""

from aiohttp import web

from omnichannel.domain.errors import Invalid
from omnichannel.web import guard, pages
from omnichannel.web.english import LANGUAGES
from omnichannel.web.keys import STAFF, house

YEAR_SECONDS = int(guard.YEAR.total_seconds())


def routes() -> list[web.RouteDef]:
    return [
        web.post("/bahasa", guard.allow(set_language, public=True)),
        web.post("/tema", guard.allow(set_theme, public=True)),
        web.get("/sesi", guard.allow(session)),
    ]


async def set_language(request: web.Request) -> web.StreamResponse:
    """Indonesian or English, for this browser and for this staff member everywhere."""
    wanted = str((await guard.fields(request)).get("lang", ""))
    if wanted not in LANGUAGES:
        raise Invalid("Bahasa ini belum ada.")
    person = request.get(STAFF)
    if person is not None:
        staff_id = person.id
        await house(request).store.write(lambda work: work.people.set_lang(staff_id, wanted))
    response = await _back(request)
    response.set_cookie(
        guard.LANG_COOKIE, wanted, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=guard.secure(request)
    )
    return response


async def set_theme(request: web.Request) -> web.StreamResponse:
    """Light, dark, or as the machine says."""
    wanted = str((await guard.fields(request)).get("theme", ""))
    if wanted not in pages.THEMES:
        raise Invalid("Tampilan ini belum ada.")
    response = await _back(request)
    response.set_cookie(
        pages.THEME_COOKIE, wanted, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=guard.secure(request)
    )
    return response


async def session(request: web.Request) -> web.StreamResponse:
    """Whether I am still logged in, and a token that fits: 401 when not."""
    person = guard.staff(request)
    return web.json_response({"staff": person.id, "name": person.name, "csrf": guard.csrf(request)})


async def _back(request: web.Request) -> web.Response:
    """To the page the form was on: its own `next`, else the Referer's path."""
    wanted = (await guard.fields(request)).get("next")
    page = wanted if isinstance(wanted, str) else guard.path_of(request.headers.get("Referer"))
    response = web.Response(status=303, headers={"Location": guard.local(page)})
    if "HX-Request" in request.headers:
        response = web.Response(status=204, headers={"HX-Refresh": "true"})
    return response
