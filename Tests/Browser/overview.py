"""Partners, the funnel and the audit in the browser."""

import subprocess

from playwright.sync_api import expect

from site_under_test import ROOT


def partners_and_funnel(stage):
    """The generated set, looked at by an admin in both languages."""
    admin = stage.admin
    admin.sign_in()
    table = stage.site.folder / "set.csv"
    table.write_bytes(subprocess.run([ROOT / "Tests/Onboarding/generate"], check=True, capture_output=True).stdout)
    rita = stage.somebody("rita")
    rita.enrol(stage.site.command("account", "invite", "rita", "--role", "reviewer", "--person", "Rita Roy"))
    stage.site.command("partner", "import", table, "--by", "rita")
    for language, other in (("en", "हिन्दी"), ("hi", "English")):
        for path, picture in (("/partners", "partners"), ("/partners?text=technical&kind=hospital&page=1", "partners-found"), ("/partners?text=nothing-of-this", "partners-none"),
                              ("/partners/generated-hospital-001", "partner"), ("/funnel", "funnel"), ("/audit", "audit"), ("/audit?actor=nobody", "audit-none"),
                              ("/audit?from=yesterday", "audit-date")):
            admin.go(path)
            admin.look(picture)
        admin.press(other)
    admin.go("/partners")
    admin.page.get_by_label("Search", exact=True).fill("Generated Government")
    admin.press("Show")
    expect(admin.page.get_by_role("status")).to_have_text("Partners: 0")
    admin.page.get_by_label("Search", exact=True).fill("generated-government-00")
    admin.press("Show")
    admin.page.get_by_role("link", name="Generated State 003").click()
    admin.heading("Generated State 003")
    admin.go("/funnel")
    expect(admin.page.get_by_role("img", name="Applications by state")).to_be_visible()
    row = admin.page.get_by_role("region", name="Where they stand").get_by_role("row", name="All")
    expect(row.get_by_role("cell").first).to_have_text("220")


def auditor(stage):
    """Reads, verifies and exports; finds nothing to change."""
    link = stage.site.command("account", "invite", "anu", "--role", "auditor", "--person", "Anu Das")
    anu = stage.somebody("anu")
    anu.enrol(link)
    anu.page.get_by_role("link", name="Audit").click()
    anu.heading("Audit")
    anu.page.get_by_label("What was done").fill("partner")
    anu.press("Show")
    expect(anu.page.get_by_role("region", name="Audit").get_by_role("row")).to_have_count(51)
    anu.page.get_by_role("link", name="Older records").click()
    anu.page.get_by_role("link", name="Newer records").click()
    anu.press("Verify the audit")
    expect(anu.page.get_by_role("status")).to_contain_text("are as they were written")
    anu.look("audit-verified")
    with anu.page.expect_download() as handed:
        anu.press("Export the audit")
    assert handed.value.suggested_filename == "audit.jsonl"
    taken = stage.site.folder / "audit.jsonl"
    handed.value.save_as(taken)
    key = stage.site.folder / "audit.pub"
    key.write_text(stage.site.command("audit", "public-key") + "\n")
    stage.site.command("audit", "verify", taken, "--public-key", key)
    # The same button again: a download leaves the page as it is.
    with anu.page.expect_download():
        anu.press("Export the audit")
    stage.site.edit("DROP TRIGGER audit_is_never_changed")
    before = stage.site.value("SELECT reason FROM audit WHERE number = 3")
    stage.site.edit("UPDATE audit SET reason = 'another' WHERE number = 3")
    anu.press("Verify the audit")
    anu.alert("The audit is not as it was written")
    expect(anu.page.locator(".fault")).to_have_text("record 3 was changed: its hash does not fit what it says")
    anu.look("audit-broken")
    stage.site.edit("UPDATE audit SET reason = ? WHERE number = 3", before)
    assert anu.go("/accounts/invite").status == 403


CASES = [partners_and_funnel, auditor]
