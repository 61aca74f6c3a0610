"""What the team does with applications in the browser: the inbox, one application from submitted to live, papers, keys, and what is refused."""

import re

from playwright.sync_api import expect

from site_under_test import PASSWORD, code

CLICKS_AT_MOST = 25


class Worker:
    """A member of the team: a person of the stage who counts what is clicked."""

    def __init__(self, person):
        self.person, self.page, self.clicks = person, person.page, 0

    def open(self, path):
        self.person.go(path)

    def click(self, locator):
        self.clicks += 1
        locator.click()

    def press(self, name, within=None):
        self.click((within or self.page).get_by_role("button", name=name, exact=True).first)

    def hand_in(self, kind, file, until=None):
        """A file is chosen by a click on its field; a date is typed."""
        self.clicks += 1
        self.page.get_by_label(f"{kind}: file").set_input_files(file)
        if until:
            self.page.get_by_label(f"{kind}: valid until").fill(until)

    def told(self, text):
        expect(self.page.get_by_role("status")).to_contain_text(text)

    def confirm(self):
        """Password and code, where they were asked for."""
        if self.page.get_by_role("heading", level=1).inner_text() != "Confirm that it is you":
            return
        self.person.site.forget_codes()
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_label("Code", exact=True).fill(code(self.person.secret))
        self.press("Continue")


def member(stage, name, person, *roles, language="en"):
    """Somebody with an account, signed in."""
    roles = [part for role in roles for part in ("--role", role)]
    link = stage.site.command("account", "invite", name, "--person", person, "--language", language, *roles)
    somebody = type(stage.admin)(stage, name, language)
    somebody.enrol(link)
    return somebody


def paper(stage, name):
    file = stage.site.folder / f"{name}.txt"
    file.write_text(f"Seen and signed: {name}.\n")
    return file


def the_inbox(stage):
    stage.reva = member(stage, "reva", "Reva Sen", "reviewer", "approver")
    stage.asha = member(stage, "asha", "Asha Rao", "approver")
    reva = stage.reva
    reva.look("home-reviewer")
    reva.page.get_by_role("link", name="Inbox").click()
    reva.heading("Inbox")
    reva.look("inbox")
    reva.page.get_by_label("Search").fill("ibibo")
    reva.page.get_by_role("button", name="Show").click()
    expect(reva.page.get_by_role("row")).to_have_count(2)
    reva.page.get_by_label("Search").fill("no such thing")
    reva.page.get_by_role("button", name="Show").click()
    expect(reva.page.get_by_text("No application fits these filters.")).to_be_visible()
    reva.look("inbox-nothing")


def from_submitted_to_live(stage):
    """A reviewer, then an approver: at most 25 clicks together."""
    reva, asha = Worker(stage.reva), Worker(stage.asha)
    reva.open("/inbox")
    reva.click(reva.page.get_by_role("link", name=re.compile("^Ibibo")).first)
    stage.inspect(reva.page, "application-submitted")
    reva.press("Take into review")
    reva.told("Done: Take into review.")
    reva.hand_in("Named officer", paper(stage, "officer"))
    stage.inspect(reva.page, "application-in-review")
    reva.press("Grant the sandbox")
    reva.told("Done: Grant the sandbox.")
    reva.press("Begin certification")
    reva.told("Done: Begin certification.")
    reva.hand_in("Functional test report", paper(stage, "test"))
    reva.press("Approve")
    reva.told("Done: Approve.")
    reva.hand_in("Security audit certificate", paper(stage, "audit"), "2027-12-31")
    reva.hand_in("Data-use agreement", paper(stage, "agreement"))
    reva.press("Let it go live")
    reva.confirm()
    reva.told("Another person has to confirm it.")
    stage.inspect(reva.page, "application-first")
    asha.open("/inbox?second=yes")
    asha.click(asha.page.get_by_role("link", name=re.compile("^Ibibo")).first)
    stage.inspect(asha.page, "application-second")
    asha.press("Confirm: Let it go live")
    asha.confirm()
    asha.told("Done: Let it go live.")
    expect(asha.page.locator(".above .state")).to_have_text("live")
    stage.inspect(asha.page, "application-live")
    clicks = reva.clicks + asha.clicks
    assert clicks <= CLICKS_AT_MOST, f"{clicks} clicks"
    print(f"        {clicks} clicks from submitted to live", flush=True)


def stale_application(stage):
    """Two look at one application: the second form does nothing, says why, and keeps the words."""
    reva, asha = stage.reva, stage.asha
    for person in (reva, asha):
        person.go("/applications/1mg-stores")
    reva.page.locator("summary", has_text="Ask for changes").click()
    reva.page.locator("#reason-request-changes").fill("Please name the officer.")
    asha.page.locator("#reason-grant-sandbox").fill("My own words about the officer.")
    reva.page.get_by_role("button", name="Ask for changes").click()
    expect(reva.page.get_by_role("status")).to_contain_text("Done: Ask for changes.")
    asha.page.get_by_role("button", name="Grant the sandbox").click()
    asha.alert("This application has changed since you opened it")
    expect(asha.page.locator(".changed")).to_contain_text("Ask for changes, by Reva Sen")
    expect(asha.page.get_by_label("What you typed")).to_have_value("My own words about the officer.")
    stage.inspect(asha.page, "application-stale")


def several_at_once(stage):
    reva = stage.reva
    reva.go("/inbox?state=all&q=1mg")
    reva.page.get_by_role("button", name="Select all on this page").click()
    reva.page.get_by_label("What to do").select_option("ask")
    sentence, reason = reva.page.get_by_label("Ready sentence"), reva.page.get_by_label("Reason, or the reminder's text")
    sentence.select_option("officer-missing")
    expect(reason).to_have_value(re.compile("name the officer"))
    reason.fill("My own words.")
    sentence.select_option("scopes-unusual")
    expect(reason).to_have_value("My own words.")
    reason.fill("")
    sentence.select_option("officer-missing")
    sentence.select_option("scopes-unusual")
    expect(reason).to_have_value(re.compile("what each scope is needed for"))
    stage.inspect(reva.page, "inbox-selected")
    reva.page.get_by_role("button", name="Do it").click()
    reva.heading("What came of it")
    expect(reva.page.get_by_role("row")).to_have_count(3)
    reva.look("bulk-outcome")
    reva.go("/inbox?state=all&q=1mg")
    reva.page.get_by_role("button", name="Do it").click()
    reva.alert("Nothing was selected.")


def evidence_and_keys(stage):
    reva = stage.reva
    page = reva.page
    reva.go("/applications/paytm-booking")
    page.locator("summary", has_text="Add evidence").click()
    page.locator("#evidence-kind").select_option("security-audit")
    page.locator("#evidence-file").set_input_files(paper(stage, "audit-2"))
    page.get_by_role("button", name="Add evidence").click()
    reva.alert("Security-audit needs the day on which it expires.")
    page.locator("#evidence-file").set_input_files(paper(stage, "audit-2"))
    page.locator("#evidence-until").fill("2027-03-31")
    page.get_by_role("button", name="Add evidence").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    with page.expect_download() as download:
        page.get_by_role("link", name="audit-2.txt").click()
    assert download.value.suggested_filename == "audit-2.txt"
    page.locator("summary", has_text="Issue a sandbox key").click()
    page.locator("#issue-sandbox").fill("first key")
    page.get_by_role("button", name="Issue a sandbox key").click()
    reva.heading("A key was issued")
    key = page.locator("#key").inner_text()
    assert re.fullmatch(r"pgw_sandbox_[A-Za-z0-9]{49}", key)
    reva.look("key-issued")
    page.get_by_role("link", name="Back to the application").click()
    assert key not in page.content()
    page.locator("#note").fill("Asked for the test report by telephone.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Asked for the test report by telephone.")).to_be_visible()
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("With Reva Sen")).to_be_visible()
    stage.inspect(page, "application-sandbox")
    page.get_by_role("link", name="Print view").click()
    page.emulate_media(media="print")
    stage.inspect(page, "application-print")
    page.emulate_media(media="screen")


def auditor_only_reads(stage):
    anu = member(stage, "anita", "Anita Das", "auditor")
    anu.go("/inbox")
    anu.look("inbox-auditor")
    expect(anu.page.get_by_role("checkbox", name=re.compile("^Select"))).to_have_count(0)
    anu.go("/applications/apollo-247")
    anu.look("application-auditor")
    expect(anu.page.locator("main form")).to_have_count(0)


def applications_in_hindi(stage):
    meera = member(stage, "hema", "हेमा जोशी", "reviewer", "approver", "ops", language="hi")
    for path, picture in (("/", "home-reviewer"), ("/inbox", "inbox"), ("/inbox?q=zzz", "inbox-nothing"),
                          ("/applications/1mg-app", "application-certifying"), ("/applications/max-front-desk", "application-suspended"),
                          ("/applications/paytm-booking", "application-sandbox"), ("/applications/ibibo-travel", "application-live")):
        meera.go(path)
        meera.look(picture)
    meera.go("/inbox?state=all&q=1mg")
    meera.page.get_by_role("button", name="इस पृष्ठ के सभी चुनें").click()
    meera.page.get_by_label("क्या करना है").select_option("assign")
    meera.page.get_by_role("button", name="करें", exact=True).click()
    meera.heading("परिणाम")
    meera.look("bulk-outcome")


def written_beyond_the_session(stage):
    """A note that took longer than the session is written once its owner has signed in again."""
    reva = stage.reva
    reva.go("/applications/paytm-booking")
    reva.page.locator("#note").fill("Written over <half> an hour.")
    stage.site.pass_time("seen", 31 * 60)
    reva.page.get_by_role("button", name="Save the note").click()
    reva.alert("Sign in again as reva, and what you sent is done then.")
    reva.look("session-over-kept")
    reva.give_password()
    reva.give_code()
    expect(reva.page.get_by_role("status")).to_contain_text("Saved.")
    expect(reva.page.get_by_text("Written over <half> an hour.")).to_be_visible()


CASES = [the_inbox, from_submitted_to_live, stale_application, several_at_once, evidence_and_keys, auditor_only_reads, applications_in_hindi,
         written_beyond_the_session]
