"""Two people and a desk take 204 generated applications through the console, each in a browser of their own, click by click.

Omar (ops) hands the drafts in, Reva (reviewer and approver) reviews, Asha (approver) certifies and approves, and both let go live. 148 are approved, 60 of
these go live, 56 end elsewhere. Then the funnel page must say so, the audit must have every move, and whoever tampers with it must be found."""

import argparse
import collections
import csv
import datetime
import io
import json
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests/Browser"))

from playwright.sync_api import expect, sync_playwright

import tampering
from site_under_test import PASSWORD, Site, code

MOST_CLICKS = 25


class Goal:
    """Where so many of them end."""

    def __init__(self, approved, live, rejected, changes, in_review, in_sandbox):
        self.approved, self.live, self.rejected, self.changes = approved, live, rejected, changes
        self.in_review, self.in_sandbox = in_review, in_sandbox
        self.total = approved + rejected + changes + in_review + in_sandbox

    @property
    def states(self):
        return {"in review": self.in_review, "changes requested": self.changes, "rejected": self.rejected, "sandbox": self.in_sandbox,
                "approved": self.approved - self.live, "live": self.live}


WHOLE = Goal(approved=148, live=60, rejected=20, changes=16, in_review=8, in_sandbox=12)
TRIAL = Goal(approved=7, live=3, rejected=2, changes=1, in_review=1, in_sandbox=1)


class Person:
    """Somebody with a browser, whose clicks are counted by the application they are for."""

    def __init__(self, work, name):
        self.work, self.name, self.secret, self.step = work, name, None, 0
        self.clicks = work.desk_clicks if name == "omar" else work.clicks
        self.page = work.browser.new_context(base_url=work.site.base, locale="en-IN").new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: work.complaints.append(str(error)))

    def enrol(self, link):
        self.page.goto(link)
        self.page.get_by_label("New password").fill(PASSWORD)
        self.page.get_by_label("The same password again").fill(PASSWORD)
        self.page.get_by_role("button", name="Continue", exact=True).click()
        self.secret = self.page.locator("#secret").inner_text()
        self.page.get_by_label("Code", exact=True).fill(self.code())
        self.page.get_by_role("button", name="Finish and sign in", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Home")

    def code(self):
        """A code that was not used yet: the next one, where this one was."""
        while int(time.time() // 30) <= self.step:
            time.sleep(0.2)
        self.step = int(time.time() // 30)
        return code(self.secret, at=self.step * 30)

    def click(self, locator, clicks=1):
        self.clicks[self.work.current] += clicks
        locator.click()

    def press(self, name, within=None):
        self.click((within or self.page).get_by_role("button", name=name, exact=True))

    def choose_file(self, locator, name):
        """One click opens the system's dialogue, one chooses there."""
        self.clicks[self.work.current] += 2
        text = f"{name} of {self.work.current}, generated.\n"
        locator.set_input_files({"name": f"{name}.txt", "mimeType": "text/plain", "buffer": text.encode()})
        self.work.uploads += 1

    def confirm_if_asked(self):
        """Password and code are asked for again every five minutes."""
        if self.page.get_by_role("heading", level=1).inner_text() != "Confirm that it is you":
            return
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_label("Code", exact=True).fill(self.code())
        self.press("Continue")

    def open_first(self, state):
        """Out of the inbox, the oldest of a state."""
        self.page.goto("/")
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Inbox").click()
        if state == "draft":
            self.page.goto("/inbox?state=draft")
        else:
            self.page.locator(".tallies").get_by_role("link", name=re.compile(f"^{state} ")).click()
        self.work.list_clicks += 2
        row = self.page.locator("table.inbox tbody tr").first
        self.work.current = row.get_by_role("link").first.get_attribute("href").rsplit("/", 1)[1]
        self.click(row.get_by_role("link").first)

    def open_next(self):
        """On from the application just dealt with; whether there is another in its state."""
        onward = self.page.locator("p.onward a")
        if onward.count() == 0:
            return False
        self.work.current = onward.get_attribute("href").split("?")[0].rsplit("/", 1)[1]
        self.click(onward)
        return True

    def move(self, name, move):
        """The move that leads on."""
        form = self.page.locator(f"form[action$='/moves/{move}']")
        self.press(name, within=form)
        self.confirm_if_asked()
        expect(self.page.get_by_role("status").first).to_contain_text(re.compile("Done|Recorded"))
        self.work.moves[move] += 1

    def move_aside(self, name, move, reason):
        """A move among the others, with a reason of one's own."""
        details = self.page.locator(f"details#{move}")
        self.click(details.locator("summary"))
        self.clicks[self.work.current] += 1
        details.locator("textarea[name='reason']").fill(reason)
        self.move(name, move)


class Work:
    def __init__(self, browser, site, goal):
        self.browser, self.site, self.goal = browser, site, goal
        # By application: of the pair, and of the desk that hands in; opening a list is for all that are on it.
        self.clicks, self.desk_clicks, self.list_clicks = collections.Counter(), collections.Counter(), 0
        self.moves, self.complaints = collections.Counter(), []
        self.current, self.uploads = None, 0
        self.ended = {}

    def each(self, person, state, work, count):
        """The oldest first, from one to the next, until so many are done."""
        person.open_first(state)
        for number in range(count):
            work(person, number)
            if number + 1 < count and not person.open_next():
                person.open_first(state)

    def hand_in(self, omar, _):
        self.say_why(omar, omar.page.locator("form[action$='/moves/submit']"))
        omar.move("Submit", "submit")

    def take_up(self, reva, _):
        self.say_why(reva, reva.page.locator("form[action$='/moves/review']"))
        reva.move("Take into review", "review")

    def judge(self, reva, number):
        """What fails a check is sent back or rejected; so are as many more as make 36; the newest eight stay in review."""
        goal = self.goal
        left = goal.total - goal.in_review - number
        wanted = goal.rejected + goal.changes - len(self.ended)
        is_clean = reva.page.locator(".checks .state.disabled").count() == self.failed_for_papers(reva)
        if wanted > 0 and (not is_clean or left <= wanted):
            rejected = sum(end == "rejected" for end in self.ended.values())
            if rejected < goal.rejected and (len(self.ended) % 2 == 0 or len(self.ended) - rejected >= goal.changes):
                reva.move_aside("Reject", "reject", "the checks found what cannot be mended")
                self.ended[self.current] = "rejected"
            else:
                reva.move_aside("Ask for changes", "request-changes", "please see to what the checks found")
                self.ended[self.current] = "changes"
            return
        form = reva.page.locator("form[action$='/moves/grant-sandbox']")
        reva.choose_file(form.locator("input[name='file-named-officer']"), "named-officer")
        self.say_why(reva, form)
        reva.move("Grant the sandbox", "grant-sandbox")

    def failed_for_papers(self, person):
        """Evidence is missing of all until its move brings it."""
        return person.page.locator(".checks li", has_text="Evidence").locator(".state.disabled").count()

    def say_why(self, person, form):
        """A reason where no ready one stands there already."""
        reason = form.locator("textarea[name='reason']")
        if reason.input_value() == "":
            person.clicks[self.current] += 1
            reason.fill("it is complete; what the checks say was looked at")

    def certify(self, asha, _):
        self.say_why(asha, asha.page.locator("form[action$='/moves/certify']"))
        asha.move("Begin certification", "certify")

    def approve(self, asha, _):
        form = asha.page.locator("form[action$='/moves/approve']")
        asha.choose_file(form.locator("input[name='file-functional-test']"), "functional-test")
        self.say_why(asha, form)
        asha.move("Approve", "approve")

    def let_go(self, reva, _):
        form = reva.page.locator("form[action$='/moves/go-live']")
        year = datetime.date.today() + datetime.timedelta(days=365)
        for kind in ("security-audit", "data-use-agreement"):
            if form.locator(f"input[name='file-{kind}']").count():
                reva.choose_file(form.locator(f"input[name='file-{kind}']"), kind)
        reva.clicks[self.current] += 1
        form.locator("input[name='until-security-audit']").fill(year.isoformat())
        self.say_why(reva, form)
        reva.move("Let it go live", "go-live")
        self.ended[self.current] = "awaits"

    def let_go_too(self, asha, application):
        self.current = application
        self.say_why(asha, asha.page.locator("form[action$='/moves/go-live']"))
        asha.move("Confirm: Let it go live", "go-live")
        self.ended[application] = "live"


    def second(self, asha):
        """What waits for another's word, out of the inbox."""
        for application in [name for name, end in self.ended.items() if end == "awaits"]:
            self.current = application
            asha.page.goto("/inbox?second=yes")
            # The place in the header, the filter's box, its button, the row.
            asha.click(asha.page.locator(f"table.inbox a[href='/applications/{application}']"), clicks=4)
            self.let_go_too(asha, application)


def prepare(site, goal):
    """The generated applications, imported by the command."""
    table = site.folder / "set.csv"
    seed = ["--seed", str(site.seed)]
    lines = subprocess.run([ROOT / "Tests/Onboarding/generate", *seed], check=True, capture_output=True, text=True).stdout.splitlines(keepends=True)
    table.write_text("".join(lines[:goal.total + 1]))
    started = time.monotonic()
    site.command("partner", "import", table, "--by", "owner")
    taken = time.monotonic() - started
    print(f"imported {sum(1 for _ in csv.DictReader(io.StringIO(table.read_text())))} applications in {taken:.2f} s, debug build", flush=True)


def invited(work, admin, name, person, roles):
    """An account made by the admin in the browser, and its person signed in."""
    admin.page.goto("/accounts/invite")
    admin.confirm_if_asked()
    admin.page.get_by_label("Name", exact=True).fill(person)
    admin.page.get_by_label("Account name").fill(name)
    for role in roles:
        admin.page.get_by_label(role).check()
    admin.press("Make a link")
    somebody = Person(work, name)
    somebody.enrol(admin.page.locator("#link").inner_text())
    return somebody


def stage(title, work, *arguments):
    started = time.monotonic()
    work(*arguments)
    print(f"{title}: {time.monotonic() - started:.0f} s", flush=True)


def take_through(work, omar, reva, asha):
    goal = work.goal
    stage(f"{goal.total} handed in", work.each, omar, "draft", work.hand_in, goal.total)
    stage(f"{goal.total} taken into review", work.each, reva, "submitted", work.take_up, goal.total)
    stage(f"{goal.total - goal.in_review} judged", work.each, reva, "in review", work.judge, goal.total - goal.in_review)
    stage(f"{goal.approved} certified", work.each, asha, "sandbox", work.certify, goal.approved)
    stage(f"{goal.approved} approved", work.each, asha, "certifying", work.approve, goal.approved)
    stage(f"{goal.live} let go live by one", work.each, reva, "approved", work.let_go, goal.live)
    stage(f"{goal.live} let go live by a second", work.second, asha)


def check_funnel(person, goal):
    """The page says exactly what was done."""
    person.page.goto("/funnel")
    figures = dict(zip(person.page.locator(".figures dt").all_inner_texts(), person.page.locator(".figures dd").all_inner_texts()))
    assert (figures["Received"], figures["Ever approved"], figures["Ever live"]) == tuple(map(str, (goal.total, goal.approved, goal.live))), figures
    now, ever = {}, {}
    for row in person.page.get_by_role("region", name="Where they stand").locator("tbody tr").all():
        cells = row.locator("td").all_inner_texts()
        now[row.locator("th").inner_text()], ever[row.locator("th").inner_text()] = int(cells[0]), int(cells[1])
    assert now.pop("All") == goal.total and {state: count for state, count in now.items() if count} == goal.states, now
    print("the funnel page says: " + ", ".join(f"{count} {state}" for state, count in goal.states.items())
          + f"; ever approved {figures['Ever approved']}, ever live {figures['Ever live']}, of {figures['Received']} received", flush=True)


def check_audit(work):
    """Every move and every piece of evidence is on record, and no more."""
    records = json.loads(work.site.command("audit", "list", "--limit", "0", "--format", "json"))
    done = collections.Counter(record["action"] for record in records if not record.get("refusal"))
    for move, count in work.moves.items():
        assert done["application." + move] == count, (move, done["application." + move], count)
    made = {"application." + move for move in work.moves}
    others = {action for action in done if action.startswith("application.") and action not in made}
    assert others == {"application.import"} and done["application.import"] == work.goal.total, others
    assert done["evidence.add"] == work.uploads, (done["evidence.add"], work.uploads)
    people = {record["actor"] for record in records if record["action"] in made}
    assert people == {"omar", "reva", "asha"}, people
    print("in the audit: " + ", ".join(f"{count} {move}" for move, count in work.moves.items())
          + f", {work.uploads} evidence.add, of {len(records)} records", flush=True)


def check_clicks(work):
    counts = sorted(work.clicks.values())
    desk = sorted(work.desk_clicks.values())
    print(f"clicks of the pair an application: median {statistics.median(counts):g}, most {counts[-1]}, of {len(counts)} applications; of the desk: "
          f"most {desk[-1]}; to open lists: {work.list_clicks} in all", flush=True)
    assert len(counts) == work.goal.total and counts[-1] <= MOST_CLICKS, counts[-5:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=2021)
    parser.add_argument("--trial", action="store_true", help="with twelve of them, to see whether it runs")
    options = parser.parse_args()
    goal = TRIAL if options.trial else WHOLE
    started = time.monotonic()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        site = Site(partners=None)
        site.seed = options.seed
        try:
            work = Work(browser, site, goal)
            # By the machine's owner: from the first account on, imports are reviewers' and approvers'.
            prepare(site, goal)
            admin = Person(work, "admin")
            admin.enrol(site.first_link)
            omar = invited(work, admin, "omar", "Omar Ali", ["Operations"])
            reva = invited(work, admin, "reva", "Reva Nair", ["Reviewer", "Approver"])
            asha = invited(work, admin, "asha", "Asha Rao", ["Approver"])
            work.clicks.clear()
            work.moves.clear()
            take_through(work, omar, reva, asha)
            check_funnel(reva, goal)
            check_audit(work)
            check_clicks(work)
            assert not work.complaints, work.complaints
            tampering.check(site)
        finally:
            site.stop()
            browser.close()
    print(f"All of it in {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
