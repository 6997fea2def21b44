"""The server: Datasette on one archive, read only, for this machine."""

from __future__ import annotations

import importlib.resources
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.archive import open_archive
from storage.errors import ArchiveError

if TYPE_CHECKING:
    from datasette.app import Datasette

SETTINGS = {
    "sql_time_limit_ms": 3_000,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,
    "truncate_cells_html": 160,
    "default_page_size": 50,
    "allow_csv_stream": True,
    "max_csv_mb": 0,
    "allow_download": False,
    "num_sql_threads": 2,
}


class PortTaken(ArchiveError):
    """Another program listens on the port."""


def application(path: Path) -> Datasette:
    """Give Datasette on an archive, with our plugin, templates and metadata; every connection is read only."""
    from datasette.app import Datasette
    from datasette.plugins import pm

    from storage.face import plugin
    from storage.face.described import metadata

    if not pm.is_registered(plugin):
        pm.register(plugin, name="pressmark")
    with open_archive(path, readonly=True) as archive:
        described = metadata(archive.db, path.stem)
    templates = importlib.resources.files("storage.face").joinpath("templates")
    return Datasette([str(path)], metadata=described, template_dir=str(templates), settings=SETTINGS)


def serve(path: Path, port: int, ready: Any = None) -> None:
    """Serve until interrupted; `ready` is called with the address once it can be opened.

    Raises:
        PortTaken: if the port is not free
    """
    import uvicorn

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(f"port {port} is taken; give another one with --port.") from error
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        config = uvicorn.Config(application(path).app(), log_level="warning", lifespan="on")
        server = uvicorn.Server(config)
        listener.listen(128)
        if ready is not None:
            ready(address)
        server.run(sockets=[listener])
