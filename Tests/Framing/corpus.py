"""The corpus: text files of cases, one a family, requests/ and answers/.

    case: a name
    request: POST early            (answers only; GET where it is missing)
        bytes, four blanks in front; line ends count only where they are spelt \\r\\n
    expect: pass GET {states}      one line for each answer in order: pass METHOD TARGET ["body"], refused STATUS, own STATUS,
                                   or cut: no answer (more), for the message is not whole
    expect: lacks name             what the message passed last must not have, or must: has name: value

\\r \\n \\t \\0 \\\\ \\xHH are bytes, {name} a text of MACROS, {text*3} that text three times. In answers {pause}, {close} and {reset} are acts.
"""
import os
import re

FOLDER = os.path.dirname(os.path.abspath(__file__))
COMMON = "Host: gateway\\r\\nx-api-key: {key}\\r\\n"
MACROS = {
    "states": "/api/v2/admin/location/states",
    "stolen": "/api/v2/admin/location/districts/666",
    "otp": "/api/v2/auth/public/generateOTP",
    "find": "/api/v2/appointment/sessions/public/findByPin",
    "get": "GET {states} HTTP/1.1\\r\\n" + COMMON,
    "head": "HEAD {states} HTTP/1.1\\r\\n" + COMMON,
    "post": "POST {otp} HTTP/1.1\\r\\n" + COMMON,
    "smuggled": "GET {stolen} HTTP/1.1\\r\\n" + COMMON + "\\r\\n",
}


def expand(text, key):
    """The text with its macros spelt out; escapes are left."""
    def macro(match):
        name = match[1]
        if name == "key":
            return key
        if name == "smuggled length":
            return str(len(unescape(expand("{smuggled}", key))))
        if name == "smuggled size":
            return "%x" % len(unescape(expand("{smuggled}", key)))
        return MACROS[name]
    while True:
        fuller = re.sub(r"\{(key|smuggled length|smuggled size|" + "|".join(MACROS) + r")\}", macro, text)
        if fuller == text:
            break
        text = fuller
    return re.sub(r"\{([^{}*]*)\*(\d+)\}", lambda match: match[1] * int(match[2]), text)


def unescape(text):
    """The bytes that the text spells."""
    def byte(match):
        escape = match[1]
        named = {"r": 13, "n": 10, "t": 9, "0": 0, "\\": 92}
        return bytes([named[escape] if escape in named else int(escape[1:], 16)]).decode("latin-1")
    assert text.isascii(), text
    return re.sub(r"\\(x[0-9a-f]{2}|[rnt0\\])", byte, text).encode("latin-1")


class Step:
    """One answer a client is to get: pass, refused, own or cut."""
    def __init__(self, text, key):
        words = re.match(r'(\w+) ?(\S*) ?([^" ]*) ?(?:"(.*)")?$', text)
        self.kind, self.first, self.target, body = words.groups()
        self.target = expand(self.target, key)
        self.status = int(self.first) if self.first.isdigit() else None
        self.body = unescape(expand(body or "", key))
        self.has, self.lacks = [], []


class Case:
    """A name, bytes and what is to come of them."""
    def __init__(self, family, name):
        self.family, self.name, self.request, self.text, self.expected = family, name, "GET", "", []

    def read(self, key):
        self.source = expand(self.text, key)
        self.steps = []
        for line in self.expected:
            word, _, rest = line.partition(" ")
            if word in ("has", "lacks"):
                getattr(self.steps[-1], word).append(unescape(rest).decode("latin-1"))
            else:
                self.steps.append(Step(line, key))
        return self

    @property
    def data(self):
        return unescape(self.source)

    @property
    def acts(self):
        """The bytes and acts of an answer, in order."""
        parts = re.split(r"\{(pause|close|reset)\}", self.source)
        return [part if index % 2 else unescape(part) for index, part in enumerate(parts) if part]


NOTHING = Case("", "")
NOTHING.source = ""


def load(folder, key):
    """All cases of `requests` or `answers`."""
    cases = []
    for file in sorted(os.listdir(os.path.join(FOLDER, folder))):
        family = file.removesuffix(".txt")
        for line in open(os.path.join(FOLDER, folder, file), encoding="utf-8").read().split("\n"):
            if line.startswith("    "):
                cases[-1].text += line[4:]
            elif line.startswith("case: "):
                cases.append(Case(family, line[6:]))
            elif line.startswith("request: "):
                cases[-1].request = line[9:]
            elif line.startswith("expect: "):
                cases[-1].expected.append(line[8:])
            elif line and not line.startswith("#"):
                raise SystemExit(f"{folder}/{file}: no such line in a corpus: {line}")
    return [case.read(key) for case in cases]
