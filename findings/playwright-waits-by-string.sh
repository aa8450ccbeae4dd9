#!/usr/bin/env bash
# Playwright for Python 1.65.2 (PyPI) with Chromium 150 (Debian 12), a page whose policy is script-src 'self'
#
# A test waits until a page says something: page.wait_for_function("window.done === 1").
# One would guess: a policy without 'unsafe-eval' either forbids that expression, or does not matter to the tool.
# Seen: it works where the expression is true at the first look, and is an EvalError of the policy where it becomes true
# later: a test that fails on a slow machine only. The same as a function, "() => window.done === 1", always works.
# Needs Python 3.11 with venv and Debian's chromium. Exits 0 as long as this is so, 1 when it changed, 2 when not tried.
set -euo pipefail
chromium="$(command -v chromium)" || exit 2
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check playwright==1.65.2 2>pip.log || exit 2
"$chromium" --version

cat >try.py <<'PY'
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Error, sync_playwright


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", "script-src 'self'")
        self.end_headers()
        self.wfile.write(b"<p>page")

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
threading.Thread(target=server.serve_forever, daemon=True).start()
found = {}
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    for form, expression in (("expression", "window.done === 1"), ("function", "() => window.done === 1")):
        for when, script in (
            ("at once", "() => { window.done = 1 }"),
            ("after 300 ms", "() => { window.done = 0; setTimeout(() => { window.done = 1 }, 300) }"),
        ):
            page.evaluate(script)
            try:
                page.wait_for_function(expression, timeout=5000)
                answer = "comes true"
            except Error as error:
                answer = "EvalError" if "EvalError" in str(error) else str(error).splitlines()[0]
            found[form, when] = answer
            print(f"{form:10} that is true {when:12}: {answer}")
    browser.close()
expected = {("expression", "at once"): "comes true", ("expression", "after 300 ms"): "EvalError"}
expected |= {("function", "at once"): "comes true", ("function", "after 300 ms"): "comes true"}
if found != expected:
    sys.exit("it is otherwise now")
print("as before: an expression is refused by the page's policy from the second look on")
PY
venv/bin/python try.py "$chromium"
