"""No other site makes a browser change something here."""

from __future__ import annotations

import pytest

from api.http.forms.same_origin import is_allowed

HOST = "pfad.example"
OURS = f"https://{HOST}"
BASE = "https://stadtwald.example"


@pytest.mark.parametrize(
    ("site", "origin", "host", "method", "allowed"),
    [
        ("cross-site", "https://evil.example", HOST, "GET", True),
        ("cross-site", "https://evil.example", HOST, "HEAD", True),
        ("same-origin", OURS, HOST, "POST", True),
        ("same-origin", None, HOST, "POST", True),
        ("same-site", OURS, HOST, "POST", False),
        ("cross-site", OURS, HOST, "POST", False),
        ("cross-site", None, HOST, "POST", False),
        ("none", None, HOST, "POST", False),
        ("", OURS, HOST, "POST", False),
        ("SAME-ORIGIN", OURS, HOST, "POST", False),
        (None, OURS, HOST, "POST", True),
        (None, OURS, f"{HOST}:443", "POST", True),
        (None, f"{OURS}:443", HOST, "POST", True),
        (None, "https://PFAD.example", HOST, "POST", True),
        (None, "http://127.0.0.1:8080", "127.0.0.1:8080", "POST", True),
        (None, "http://[::1]:8080", "[::1]:8080", "POST", True),
        (None, "http://[::1]", "[::1]", "POST", True),
        (None, BASE, HOST, "POST", True),
        (None, "http://stadtwald.example", HOST, "POST", False),
        (None, f"{OURS}:8443", HOST, "POST", False),
        (None, "http://127.0.0.1:8081", "127.0.0.1:8080", "POST", False),
        (None, "https://evil.example", HOST, "POST", False),
        (None, f"https://{HOST}.evil.example", HOST, "POST", False),
        (None, f"https://evil.example/{HOST}", HOST, "POST", False),
        (None, "null", HOST, "POST", False),
        (None, None, HOST, "POST", False),
        (None, "", "", "POST", False),
        (None, OURS, None, "POST", False),
        (None, OURS, "", "POST", False),
        (None, "https://", "", "POST", False),
        (None, f"https://{HOST}:x", f"{HOST}:y", "POST", False),
        (None, f"ftp://{HOST}", HOST, "POST", False),
        (None, "http://[", HOST, "POST", False),
        (None, "http://[::1", "[::1", "POST", False),
        (None, f"https://{HOST}:{'9' * 5000}", HOST, "POST", False),
        (None, OURS, f"{HOST}:{'9' * 5000}", "POST", False),
        (None, "https://evil.example", HOST, "PUT", False),
        (None, "https://evil.example", HOST, "DELETE", False),
        (None, "https://evil.example", HOST, "BREW", False),
    ],
)
def test_an_unsafe_request_passes_only_from_our_own_pages(
    site: str | None, origin: str | None, host: str | None, method: str, allowed: bool
) -> None:
    assert is_allowed(method, site, origin, host, BASE) is allowed
