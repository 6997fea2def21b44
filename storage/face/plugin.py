"""The plugin that puts the archive's pages into Datasette: routes, SQL functions, headers."""

from __future__ import annotations

import importlib.resources
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import markupsafe
from datasette import hookimpl
from datasette.utils.asgi import Response

from storage.connection import APPLICATION_ID
from storage.face import pages
from storage.search.functions import register
from storage.search.match import Compiler
from storage.search.query import QueryError, parse

HOSTS = ("127.0.0.1", "localhost", "[::1]")
# No page loads anything from elsewhere: pictures of articles are named, not fetched. Datasette's pages have scripts.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; script-src {scripts}; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_OURS = ("/article/", "/search")


def _database(datasette: Any) -> Any:
    """The archive that is shown."""
    return next(db for name, db in datasette.databases.items() if name != "_internal")


@hookimpl(trylast=True)  # Datasette's own escape_fts is given before
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give connections the search functions; the search boxes of tables understand the query language."""
    if conn.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return
    register(conn, strict=False)

    def escaped(query: str | None) -> str:
        try:
            return Compiler(conn).compile(parse(query or "")).expression() or '"qnothing"'
        except QueryError:
            return '"qnothing"'

    conn.create_function("escape_fts", 1, escaped)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """The archive's own pages."""
    return [
        (r"^/search$", _search),
        (r"^/article/(?P<public_id>[a-z0-9-]{1,64})$", _article),
        (r"^/-/pressmark/face\.css$", _style),
    ]


@hookimpl
def extra_template_vars(template: str | None, datasette: Any) -> Callable[[], Awaitable[dict[str, Any]]]:
    """The archive's name on every page, and what the front page shows."""
    database = _database(datasette)

    async def shown() -> dict[str, Any]:
        front = {"front": await database.execute_fn(pages.front)} if template == "index.html" else {}
        return {"archive": database.name, **front}

    return shown


@hookimpl
def render_cell(value: Any, column: str) -> Any:
    """Public ids lead to the article's page."""
    if column in ("public_id", "first_article") and isinstance(value, str) and value.replace("-", "").isalnum():
        return markupsafe.Markup('<a href="/article/{0}">{0}</a>').format(value)
    return None


@hookimpl
def asgi_wrapper() -> Callable[[Any], Any]:
    """Answer to this machine's own names only, and forbid pages to load anything from elsewhere."""
    return _guarded


def _guarded(app: Any) -> Any:
    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if not _is_ours(scope):
            await Response.text("Open this archive as http://127.0.0.1 or http://localhost.", 421).asgi_send(send)
            return
        strict = scope["path"].startswith(_OURS) or scope["path"] == "/"
        policy = POLICY.format(scripts="'none'" if strict else "'self' 'unsafe-inline'")

        async def with_headers(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                event["headers"] = [
                    *event["headers"],
                    (b"content-security-policy", policy.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                ]
            await send(event)

        await app(scope, receive, with_headers)

    return guarded


def _is_ours(scope: dict[str, Any]) -> bool:
    """Whether a request names this machine: another name may be a page of the web that was pointed here."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return (host if host.endswith("]") else host.rsplit(":", 1)[0]) in HOSTS


async def _search(request: Any, datasette: Any) -> Response:
    query, by = request.args.get("q") or "", request.args.get("by") or "rank"
    page = request.args.get("page") or "1"
    number = int(page) if page.isdecimal() and len(page) < 4 else 1
    context = await _database(datasette).execute_fn(lambda conn: pages.found(conn, query, by, number))
    return await _page(datasette, request, "pressmark_search.html", context)


async def _article(request: Any, datasette: Any) -> Response:
    public_id = request.url_vars["public_id"]
    context = await _database(datasette).execute_fn(lambda conn: pages.article(conn, public_id))
    if context is None:
        text = f"The archive has no article {public_id}; it may have been taken down."
        answer = await _page(datasette, request, "error.html", {"status": 404, "title": "Not found", "error": text})
        answer.status = 404
        return answer
    return await _page(datasette, request, "pressmark_article.html", context)


async def _page(datasette: Any, request: Any, template: str, context: dict[str, Any]) -> Response:
    return Response.html(await datasette.render_template(template, context, request=request))


async def _style() -> Response:
    text = importlib.resources.files("storage.face").joinpath("static/face.css").read_text("utf-8")
    return Response(text, content_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=300"})
