"""The interface alone, as the web process puts it together with pages."""

from __future__ import annotations

from fastapi import FastAPI

from api.app import add_fast_path, install
from api.services import Services


def create_api(services: Services) -> FastAPI:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install(app, services)
    add_fast_path(app, services)
    return app
