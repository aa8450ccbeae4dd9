"""The role of the web process may do in the database what these pages do, and may still not change a saved text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import LiteralString

import pytest

from dashboards.contributions.links import digest
from geodata.content.contribution import ContributionState, NewContribution
from geodata.content.versions import Author, Slot
from geodata.errors import StoreError
from geodata.media.prepare import prepare_bytes
from geodata.model.trail import TrailContent
from geodata.store.catalogue import content_versions, media
from geodata.store.database import Database
from geodata.store.submissions import contributions
from tests.dashboards.content.written import POND, POND_DE, TOKEN, invite, jpeg, pond
from tests.dashboards.office import seed

AS_WEB: LiteralString = "SET LOCAL ROLE digitalpfad_web"


def test_the_web_process_may_write_texts_media_and_contributions(database: Database) -> None:
    seed(database)
    link = invite(database)
    trail_text = TrailContent(variant="en", name="Forest", lead="A walk.", body="Nice.")
    medium = prepare_bytes(jpeg(), "picture", "teich.jpg")
    with database.transaction() as connection:
        connection.execute(AS_WEB)
        media.save(connection, medium)
        content_versions.save(connection, POND_DE, pond(), Author("ute"), publish=False)
        content_versions.save(connection, POND_DE, pond(), Author("ute"), publish=True)
        content_versions.save(
            connection, Slot(trail="stadtwald", variant="en"), trail_text, Author("ute"), publish=True
        )
        of_token = contributions.link_with(connection, digest(TOKEN))
        assert of_token is not None
        new = NewContribution(station=POND, title="T", lead="L", body="B")
        one = contributions.hand_in(connection, of_token, new)
        now = datetime.now(UTC)
        assert contributions.decide(connection, one, ContributionState.REFUSED, "Nein.", "ute", now)
        contributions.withdraw_link(connection, link, now)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM content_version", "UPDATE content_version SET saved_by = 'x'", "DELETE FROM media"]
)
def test_it_may_not_change_what_was_saved(database: Database, statement: LiteralString) -> None:
    seed(database)
    with database.transaction() as connection:
        content_versions.save(connection, POND_DE, pond(), Author("ute"), publish=True)
    with pytest.raises(StoreError):
        as_web(database, statement)


def as_web(database: Database, statement: LiteralString) -> None:
    with database.transaction() as connection:
        connection.execute(AS_WEB)
        connection.execute(statement)
