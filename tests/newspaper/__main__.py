"""Serve the newspaper until Ctrl-C: python -m tests.newspaper --port 8500"""

from __future__ import annotations

import argparse
import contextlib

from tests.newspaper.server import Newspaper


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.newspaper", description=__doc__)
    parser.add_argument("--port", type=int, default=8500, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--edition", type=int, default=1, help="2 serves the corrected story (default: %(default)s)")
    options = parser.parse_args()
    server = Newspaper(options.port, options.edition)
    print(f"{server.url}/", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
