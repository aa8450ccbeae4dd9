"""Addresses that nobody serves: a page that knows who asks, so that its menu leads on."""

from __future__ import annotations

from fastapi import APIRouter

from geodata.errors import NotFound

router = APIRouter()


@router.get("/{address:path}")
def show(address: str) -> None:
    """Nothing is here; comes last, after all other routes."""
    raise NotFound("page", address)
