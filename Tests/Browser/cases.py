"""The console in a real Chromium: what people do, what axe finds, and pictures of every page to be looked at."""

import argparse
import pathlib
import re
import sys
import time
import traceback

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

import applications
import overview
from site_under_test import PASSWORD, ROOT, Site, code

PICTURES = ROOT / ".build-browser/pictures"
WIDTHS = (360, 768, 1440)


class Person:
    """Somebody with a browser of their own and an authenticator app."""

    def __init__(self, stage, name, language="en"):
        self.stage, self.site, self.name, self.secret = stage, stage.site, name, None
        self.context = stage.browser.new_context(base_url=stage.site.base, locale={"en": "en-IN", "hi": "hi-IN"}[language])
        self.page = self.context.new_page()
        self.page.on("console", lambda message: stage.heard(message))
        self.page.on("pageerror", lambda error: stage.complaints.append(str(error)))

    def go(self, path):
        return self.page.goto(path)

    def enrol(self, link, picture=None):
        page = self.page
        page.goto(link)
        self.look(picture and f"{picture}-password")
        page.get_by_label(self.say("New password", "नया पासवर्ड")).fill(PASSWORD)
        page.get_by_label(self.say("The same password again", "वही पासवर्ड फिर से")).fill(PASSWORD)
        self.press("Continue", "आगे बढ़ें")
        self.secret = page.locator("#secret").inner_text()
        self.look(picture and f"{picture}-app")
        page.get_by_label(self.say("Code", "कोड"), exact=True).fill(code(self.secret))
        self.press("Finish and sign in", "पूरा करें और साइन इन करें")
        expect(page.get_by_role("heading", level=1)).to_have_text(self.say("Home", "मुखपृष्ठ"))

    def say(self, english, hindi):
        return hindi if self.page.locator("html").get_attribute("lang") == "hi" else english

    def press(self, english, hindi=None):
        self.page.get_by_role("button", name=self.say(english, hindi or english), exact=True).click()

    def give_password(self, password=PASSWORD, name=None):
        self.page.get_by_label(self.say("Account name", "खाते का नाम")).fill(name or self.name)
        self.page.get_by_label(self.say("Password", "पासवर्ड")).fill(password)
        self.press("Continue", "आगे बढ़ें")

    def give_code(self, text=None):
        self.site.forget_codes()
        self.page.get_by_label(self.say("Code", "कोड"), exact=True).fill(text or code(self.secret))
        self.press("Sign in", "साइन इन करें")

    def sign_in(self):
        self.context.clear_cookies()
        self.go("/sign-in")
        self.give_password()
        self.give_code()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say("Home", "मुखपृष्ठ"))

    def heading(self, text):
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def alert(self, text):
        expect(self.page.get_by_role("alert")).to_contain_text(text)

    def look(self, picture=None):
        """axe and the page's width; with a name, pictures of it too."""
        self.stage.inspect(self.page, picture)


class Stage:
    def __init__(self, browser, pictures):
        self.browser, self.pictures, self.site = browser, pictures, Site()
        self.complaints, self.findings, self.axe = [], [], Axe()
        self.admin = None
        self.site.let_codes_be_used_twice()

    def somebody(self, name, language="en"):
        return Person(self, name, language)

    def heard(self, message):
        # What the server refuses on purpose is told as a resource that failed to load.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def inspect(self, page, picture):
        for violation in self.axe.run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                self.findings.append(f"{page.url}: {violation['id']} ({violation['impact']}): {nodes}")
        if not picture:
            return
        language = page.locator("html").get_attribute("lang")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.findings.append(f"{page.url}: {wide} px wide in a window of {width}")
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                if theme == "dark" and width == WIDTHS[-1]:
                    for violation in self.axe.run(page, options={"runOnly": ["color-contrast"]}).response["violations"]:
                        self.findings.append(f"{page.url}, dark: {violation['nodes'][0]['html'][:160]}")
                if self.pictures:
                    page.screenshot(path=PICTURES / f"{picture}-{language}-{width}-{theme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})


def first_admin(stage):
    stage.admin = Person(stage, "admin")
    stage.admin.enrol(stage.site.first_link, "link")
    stage.admin.look("home")
    stranger = Person(stage, "no-role")
    stranger.page.goto(stage.site.first_link)
    stranger.heading("This link no longer works")
    stranger.look("link-over")


def wrong_password(stage):
    person = Person(stage, "admin")
    person.go("/accounts")
    person.look("sign-in")
    person.give_password("not the password")
    person.alert("do not go together")
    expect(person.page.get_by_label("Account name")).to_have_value("admin")
    person.look("sign-in-refused")
    person.secret = stage.admin.secret
    person.give_password()
    person.look("code")
    person.give_code()
    person.heading("Accounts")


def wrong_code(stage):
    person = Person(stage, "admin")
    person.secret = stage.admin.secret
    person.go("/sign-in")
    person.give_password()
    person.give_code("000000")
    person.alert("That code is not the one shown now")
    person.look("code-refused")
    person.give_code()
    person.heading("Home")


def throttled(stage):
    person = Person(stage, "guesser")
    person.go("/sign-in")
    for _ in range(10):
        person.give_password("guess")
    person.give_password("guess")
    person.alert(re.compile(r"Try again in \d+ seconds\."))
    person.look("throttled")


def expired_session(stage):
    person = Person(stage, "admin")
    person.secret = stage.admin.secret
    person.sign_in()
    stage.site.pass_time("seen", 31 * 60)
    person.page.get_by_role("link", name="My sessions").first.click()
    person.alert("Your session has ended. Sign in again.")
    person.look("session-over")
    person.give_password()
    person.give_code()
    person.heading("My sessions")
    stage.site.pass_time("created", 13 * 3600)
    person.press("Sign out")
    stage.admin.sign_in()


def stale_form(stage):
    person = Person(stage, "admin")
    person.secret = stage.admin.secret
    person.sign_in()
    second = person.context.new_page()
    second.goto("/sessions")
    person.press("Sign out")
    expect(person.page.get_by_role("status")).to_contain_text("You are signed out.")
    person.look("signed-out")
    person.sign_in()
    second.get_by_role("button", name="Sign out").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("This form is out of date")
    stage.inspect(second, "stale")
    person.go("/")
    person.heading("Home")


def inviting_and_disabling(stage):
    admin = stage.admin
    stage.site.pass_time("authenticated", 6 * 60)
    admin.go("/accounts/invite")
    admin.heading("Confirm that it is you")
    admin.look("reauthenticate")
    stage.site.forget_codes()
    admin.page.get_by_label("Password").fill(PASSWORD)
    admin.page.get_by_label("Code", exact=True).fill(code(admin.secret))
    admin.press("Continue")
    admin.heading("Invite somebody")
    admin.look("invite")
    admin.page.get_by_label("Name", exact=True).fill("Meera Iyer")
    admin.page.get_by_label("Account name").fill("meera")
    admin.page.locator("#language").select_option("hi")
    admin.page.get_by_label("Reviewer").check()
    admin.page.get_by_label("Approver").check()
    admin.press("Make a link")
    admin.heading("A link was made")
    admin.look("link-made")
    link = admin.page.locator("#link").inner_text()

    meera = Person(stage, "meera", "hi")
    meera.enrol(link, "link")
    meera.look("home")
    meera.go("/sessions")
    meera.look("sessions")
    assert meera.go("/accounts").status == 403
    meera.look("forbidden")

    admin.go("/accounts")
    admin.look("accounts")
    admin.page.get_by_role("link", name="Meera Iyer").click()
    admin.look("account")
    admin.page.get_by_label("Reason").fill("has left the team")
    admin.press("Disable")
    admin.look("account-disabled")
    meera.go("/")
    meera.alert("आपका सत्र समाप्त हो गया है")
    meera.give_password()
    meera.alert("यह खाता बंद है")
    meera.look("disabled")


def signing_out(stage):
    person = Person(stage, "admin")
    person.secret = stage.admin.secret
    person.sign_in()
    person.go("/sessions")
    person.look("sessions")
    person.press("Sign out")
    # There is no way back before the next page has come.
    person.heading("Sign in")
    person.page.wait_for_load_state()
    person.page.go_back()
    person.page.reload()
    person.heading("Sign in")


def by_keyboard_alone(stage):
    person = Person(stage, "admin")
    person.go("/sign-in")
    keys = person.page.keyboard
    keys.press("Tab")
    expect(person.page.locator(":focus")).to_have_text("Skip to the content")
    keys.press("Enter")
    keys.press("Tab")
    expect(person.page.get_by_label("Account name")).to_be_focused()
    keys.type("admin")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    person.heading("Enter your code")
    stage.site.forget_codes()
    person.page.get_by_label("Code", exact=True).focus()
    keys.type(code(stage.admin.secret))
    keys.press("Enter")
    person.heading("Home")


def tokens(stage):
    person = Person(stage, "admin")
    person.secret = stage.admin.secret
    person.sign_in()
    person.go("/tokens")
    person.look("tokens-none")
    person.page.get_by_role("link", name="Make a token").click()
    person.page.get_by_label("Name").fill("nightly report")
    person.page.get_by_label("Reading").check()
    person.look("token-new")
    person.press("Make a token")
    person.heading("A token was made")
    token = person.page.locator("#made").inner_text()
    assert re.fullmatch(r"pgw_pat_[0-9A-Za-z]{49}", token), token
    asked = person.context.request.get("/admin/v1/token", headers={"Authorization": f"Bearer {token}"})
    assert asked.json()["roles"] == ["admin"], asked.text()
    person.look("token-made")
    person.page.get_by_role("link", name="Back to my tokens").click()
    assert token not in person.page.content()
    person.look("tokens")
    person.page.get_by_role("button", name="Revoke the token nightly report").click()
    expect(person.page.get_by_role("status")).to_contain_text("The token was revoked.")
    assert person.context.request.get("/admin/v1/token", headers={"Authorization": f"Bearer {token}"}).status == 401
    person.look("tokens-revoked")


def in_hindi(stage):
    admin = stage.admin
    admin.sign_in()
    admin.go("/")
    admin.press("हिन्दी")
    admin.heading("मुखपृष्ठ")
    for path, picture in (("/", "home"), ("/sessions", "sessions"), ("/accounts", "accounts"), ("/accounts/invite", "invite"),
                          ("/accounts/meera", "account-disabled"), ("/accounts/admin", "account"), ("/tokens", "tokens"),
                          ("/tokens/new", "token-new"), ("/nowhere", "not-found")):
        admin.go(path)
        admin.look(picture)
    admin.go("/accounts/admin")
    admin.press("Make a link", "लिंक बनाएँ")
    admin.look("link-made")
    stage.site.pass_time("authenticated", 6 * 60)
    admin.go("/accounts/invite")
    admin.look("reauthenticate")
    stranger = Person(stage, "no-role", "hi")
    stranger.go("/sign-in")
    stranger.look("sign-in")
    stranger.give_password("not the password")
    stranger.look("sign-in-refused")
    admin.go("/")
    admin.press("English")
    admin.go("/nowhere")
    admin.heading("There is no such page")
    admin.look("not-found")


CASES = [first_admin, wrong_password, wrong_code, throttled, expired_session, stale_form, inviting_and_disabling, signing_out,
         by_keyboard_alone, tokens, in_hindi, *overview.CASES, *applications.CASES]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], metavar="CASE", help="only these, after the first that makes the admin")
    parser.add_argument("--pictures", action="store_true", help=f"keep pictures of every page in {PICTURES.relative_to(ROOT)}")
    options = parser.parse_args()
    if options.pictures:
        PICTURES.mkdir(parents=True, exist_ok=True)
    failed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        stage = Stage(browser, options.pictures)
        try:
            chosen = [case for case in CASES if not options.only or case.__name__ in ["first_admin", *options.only]]
            for case in chosen:
                started = time.monotonic()
                try:
                    case(stage)
                    print(f"passed  {case.__name__.replace('_', ' ')} ({time.monotonic() - started:.1f} s)", flush=True)
                except Exception:
                    failed.append(case.__name__)
                    print(f"FAILED  {case.__name__.replace('_', ' ')}\n{traceback.format_exc()}", flush=True)
        finally:
            stage.site.stop()
            browser.close()
    for line in sorted(set(stage.findings + stage.complaints)):
        print(f"FOUND   {line}")
    print(f"Browser tests: {len(chosen) - len(failed)} of {len(chosen)} passed, {len(set(stage.findings))} findings, {len(set(stage.complaints))} complaints of the browser")
    sys.exit(1 if failed or stage.findings or stage.complaints else 0)


if __name__ == "__main__":
    main()
