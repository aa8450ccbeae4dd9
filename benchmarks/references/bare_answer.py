"""A Starlette route that sends a file's bytes with an ETag: python -m benchmarks.references.bare_answer PORT FILE."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def main() -> None:
    body = Path(sys.argv[2]).read_bytes()

    async def answer(request: Request) -> Response:
        if request.headers.get("if-none-match") == '"same"':
            return Response(status_code=304, headers={"etag": '"same"'})
        return Response(body, media_type="application/geo+json", headers={"etag": '"same"'})

    app = Starlette(routes=[Route("/{path:path}", answer)])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
