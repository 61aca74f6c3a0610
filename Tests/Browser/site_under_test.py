"""A gateway of its own for the browser tests: started, asked, and its registry's times shifted instead of waited for."""

import base64
import hashlib
import hmac
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import struct
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "a quiet harbour at dusk"


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def code(secret, at=None):
    """What an authenticator app shows (RFC 6238)."""
    step = int((time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret.replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8)), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[19] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Site:
    def __init__(self, partners=ROOT / "partners"):
        """With the partners of a folder; with none where it is None."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gateway-browser-"))
        self.state = self.folder / "state"
        if partners is None:
            partners = self.folder / "partners"
            partners.mkdir()
        self.gateway = pathlib.Path(os.environ.get("GATEWAY", ROOT / ".build/debug/gateway"))
        self.base = f"http://127.0.0.1:{free_port()}"
        self.errors = self.folder / "errors"
        # Core stores are never called here: the sign-in is what is tried.
        self.process = subprocess.Popen(
            [self.gateway, "serve", "--state", self.state, "--partners", partners, "--policies", ROOT / "policies",
             "--listen", f"127.0.0.1:{free_port()}", "--console", self.base.removeprefix("http://"),
             "--core-store", "http://127.0.0.1:9", "--sandbox-store", "http://127.0.0.1:9", "--loops", "1", "--decisions", "off"],
            stdout=subprocess.DEVNULL, stderr=open(self.errors, "w"), stdin=subprocess.DEVNULL)
        self.first_link = self.wait_for(r"(http://\S+/link/\S+)")
        # The link is told once the data plane serves; the control plane starts beside it.
        self.wait_for(r"(control plane listening)")

    def let_codes_be_used_twice(self):
        self.edit("DROP TRIGGER account_code_counts_on")

    def wait_for(self, pattern):
        for _ in range(1200):
            found = re.search(pattern, self.errors.read_text())
            if found:
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit(f"the gateway did not start:\n{self.errors.read_text()}")

    def edit(self, sql, *values):
        with sqlite3.connect(self.state / "registry.sqlite", timeout=10) as database:
            database.execute(sql, values)
        database.close()

    def value(self, sql):
        with sqlite3.connect(self.state / "registry.sqlite", timeout=10) as database:
            found = database.execute(sql).fetchone()[0]
        database.close()
        return found

    def pass_time(self, column, seconds, table="session"):
        """As if so much time had passed since then."""
        self.edit(f"UPDATE {table} SET {column} = {column} - ?", seconds * 1_000_000_000)

    def forget_codes(self):
        """Codes that were used may be used again: a test does not wait for the next one."""
        self.edit("UPDATE account SET code_step = 0")

    def command(self, *arguments):
        return subprocess.run([self.gateway, *arguments, "--state", self.state], check=True, capture_output=True, text=True).stdout.strip()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
