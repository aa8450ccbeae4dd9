"""The versions of a text: who did what when, word by word, and the way back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboards.content.differences import ADDED, REMOVED, pieces
from geodata.model.staff import Role
from tests.dashboards.content.written import PAGE, pond, save, shown_title, versions
from tests.dashboards.office import Office, hire

TEXTS = st.text("ab \n.", max_size=40)


@given(TEXTS, TEXTS)
def test_the_pieces_of_a_difference_are_both_texts(old: str, new: str) -> None:
    found = list(pieces(old, new))
    assert "".join(piece.text for piece in found if piece.kind != ADDED) == old
    assert "".join(piece.text for piece in found if piece.kind != REMOVED) == new


def test_the_history_says_who_changed_which_words(office: Office) -> None:
    save(office.database, pond(), publish=True)
    save(office.database, pond(lead="Drei kleine Teiche, ein Damm."), by="bert")
    hire(office.database, "anna")
    page = office.signed_in("anna").get(f"{PAGE}/history").text
    assert page.index("Stand 2") < page.index("Stand 1")
    assert "Gespeichert von bert" in page
    assert "Veröffentlicht von ute" in page
    assert "Drei<ins> kleine</ins> Teiche" in page
    assert page.count("steht draußen") == 1
    assert "zurückholen" not in page, "whoever only reads has no button"


def test_an_earlier_version_comes_back_as_a_draft(office: Office) -> None:
    save(office.database, pond(title="Eins"), publish=True)
    save(office.database, pond(title="Zwei"), publish=True)
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    answer = ute.post(f"{PAGE}/restore/1")
    assert answer.headers["location"] == f"{PAGE}?notice=restored"
    newest = versions(office.database)[-1]
    assert (newest.number, newest.text, newest.published_at) == (3, pond(title="Eins"), None)
    assert shown_title(office.database) == "Zwei", "nothing is public before it is published"
    assert ute.post(f"{PAGE}/restore/1").headers["location"] == f"{PAGE}?notice=same"
    assert ute.post(f"{PAGE}/restore/9").status_code == 404


def test_no_version_of_a_text_can_run_as_a_script(office: Office) -> None:
    script = "<script>alert(1)</script>"
    save(office.database, pond(title=script, lead=script, body=script, question=script, source=script))
    save(office.database, pond(title=f"{script}!"), by=script)
    hire(office.database, "ute", Role.EDITOR)
    ute = office.signed_in("ute")
    for path in ("", "/history", "/preview?version=1", "/preview", "/media"):
        page = ute.get(PAGE + path).text
        assert "<script>alert" not in page, path
