"""Whoever changes, removes or reorders records of the audit is found, in an exported file and in a copy of the state."""

import json
import shutil
import sqlite3
import subprocess


def check(site):
    """Verifies what is there, then tampers with copies."""
    print("verified: " + site.command("audit", "verify"), flush=True)
    exported, key = site.folder / "audit.jsonl", site.folder / "audit.pub"
    exported.write_text(site.command("audit", "export", "--by", "admin") + "\n")
    key.write_text(site.command("audit", "public-key") + "\n")
    print("the exported file: " + verify(site, exported, "--public-key", key)[1], flush=True)
    lines = exported.read_text().splitlines(keepends=True)
    places = {number: line for line, text in enumerate(lines) if (number := record_number(text))}
    middle = max(places) // 2
    for what, changed, first in file_changes(lines, places, middle):
        copy = site.folder / "changed.jsonl"
        copy.write_text("".join(changed))
        found(what + " in the file", verify(site, copy, "--public-key", key), first)
    for what, statements, first in state_changes(middle):
        copy = site.folder / "copy"
        backed_up(site, copy)
        with sqlite3.connect(copy / "registry.sqlite") as database:
            for trigger in ("audit_is_a_chain", "audit_is_never_changed", "audit_is_never_deleted"):
                database.execute(f"DROP TRIGGER {trigger}")
            for statement in statements:
                database.execute(statement)
        database.close()
        found(what + " in the state", verify(site, "--state", copy), first)
        shutil.rmtree(copy)


def record_number(line):
    entry = json.loads(line)
    return entry.get("number") if "action" in entry else None


def file_changes(lines, places, middle):
    """One byte of a record, a record left out, two in each other's place."""
    flipped = lines.copy()
    text = flipped[places[middle]]
    place = text.index('"actor":"') + len('"actor":"')
    flipped[places[middle]] = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1:]
    yield "a flipped byte", flipped, middle
    yield "a deleted record", lines[:places[middle]] + lines[places[middle] + 1:], middle
    swapped = lines.copy()
    one, other = places[middle], places[middle + 7]
    swapped[one], swapped[other] = lines[other], lines[one]
    yield "two swapped", swapped, middle


def state_changes(middle):
    flipped = "char(unicode(actor) + 1 - 2 * (unicode(actor) & 1))"
    yield "a flipped byte", [f"UPDATE audit SET actor = {flipped} || substr(actor, 2) WHERE number = {middle}"], middle
    yield "a deleted record", [f"DELETE FROM audit WHERE number = {middle}"], middle
    yield "two swapped", ["UPDATE audit SET number = -1 WHERE number = %d" % middle,
                          "UPDATE audit SET number = %d WHERE number = %d" % (middle, middle + 7),
                          "UPDATE audit SET number = %d WHERE number = -1" % (middle + 7)], middle


def backed_up(site, copy):
    shutil.rmtree(copy, ignore_errors=True)
    site.command("state", "backup", copy, "--by", "admin")


def verify(site, *arguments):
    arguments = list(map(str, arguments))
    state = [] if "--state" in arguments else ["--state", str(site.state)]
    ended = subprocess.run([site.gateway, "audit", "verify", *arguments, *state], capture_output=True, text=True)
    return ended.returncode, (ended.stdout + ended.stderr).strip()


def found(what, outcome, first):
    status, words = outcome
    assert status == 1 and f"record {first} " in words, (what, first, outcome)
    print(f"{what} (record {first}): {words.split(': ', 2)[-1]}", flush=True)
