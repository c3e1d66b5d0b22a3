"""Chromium at a hosted form, over https; without Chromium its tests are left out, with CI never."""

import os
import shutil
from contextlib import contextmanager
from threading import Thread

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests import google
from tests.functions.conftest import SCHOOL

NAMES = ("chromium", "chromium-browser", "google-chrome")
ALONE = (
    "--no-sandbox",  # of root, as whom a container runs
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
REFUSED = "Failed to load resource: the server responded with a status of 4"  # as tests ask for
SOURCES = f"""
[school]
domains = {SCHOOL["domains"]}

[sources.signup]
kind = "web_form"
format = "web_form"
form = {{{{ title = "Clubs", choices = {{{{ "Maths" = "d:math", "Chess" = "d:chess" }}}} }}}}

[sources.join]
kind = "web_form"
format = "web_form"
mode = "code"
form = {{{{ choices = {{{{ "Maths" = "d:math" }}}} }}}}
[sources.join.verify]
scheme = "google-sign-in"
client_id = "{google.CLIENT}"
secrets = ["env://GOOGLE_SECRET"]
at = "{{at}}"
"""


@pytest.fixture(scope="session")
def program():
    """The browser, or a skip with its reason; a skip would pass as green, so CI fails."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        why = "needs Chromium to look at the pages: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(f"with CI set, no test may be left out: {why}", pytrace=False)
        pytest.skip(why)
    return found


@pytest.fixture(scope="module")
def chromium(program):
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=ALONE)
        yield browser
        browser.close()


@pytest.fixture
def there():
    with google.a_google() as opened:
        yield opened


@pytest.fixture
def base(doors, there, tmp_path):
    """Where two forms are: one for anybody, and one for who signs in with Google."""
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.format(at=there.address))
    doors.start_again(SOURCES_FILE=str(declared), GOOGLE_SECRET=google.SECRET)
    with served(doors.app("form_intake")) as address:
        yield address


@contextmanager
def served(app):
    """Serve it on loopback, with a certificate of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context="adhoc")
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def tab(chromium):
    """A page of a new browser that runs no script."""
    with a_page(chromium, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def looked_at(chromium):
    """A page in which the test, and nobody else, runs a script."""
    with a_page(chromium, java_script_enabled=True) as page:
        yield page


@contextmanager
def a_page(chromium, **how):
    """As small as WCAG 1.4.10 asks for; whatever breaks the page's policy fails the test."""
    said = []
    context = chromium.new_context(
        ignore_https_errors=True, viewport={"width": 320, "height": 640}, **how
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: said.append(message.text))
    yield page
    context.close()
    assert [each for each in said if not each.startswith(REFUSED)] == []
