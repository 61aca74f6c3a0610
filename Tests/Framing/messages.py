"""A strict reader of HTTP/1.1 that shares nothing with the gateway's: RFC 9112 to the letter, and nothing mended."""
import re

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
LINE = re.compile(rb"(" + TOKEN + rb") ([!-~]+) HTTP/1\.([01])$")
STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9][0-9])( [\t -~\x80-\xff]*)?$")
FIELD = re.compile(rb"(" + TOKEN + rb"):[ \t]*([\t -~\x80-\xff]*?)[ \t]*$")
EXTENSION = rb"(?:[ \t]*;[ \t]*" + TOKEN + rb"(?:[ \t]*=[ \t]*(?:" + TOKEN + rb'|"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?)*'
CHUNK = re.compile(rb"([0-9A-Fa-f]+)" + EXTENSION + rb"$")


class Fault(Exception):
    """No message, whatever may follow."""


class Partial(Exception):
    """No whole message yet."""


class Message:
    """A request (method, target) or an answer (status), with its fields in order and its body."""
    def __init__(self):
        self.method = self.target = self.status = None
        self.fields, self.body = [], b""

    def values(self, name):
        return [value for found, value in self.fields if found == name]


def line(data, at):
    end = data.find(b"\n", at)
    if end < 0:
        if b"\r" in data[at:-1] or b"\0" in data[at:]:
            raise Fault("control byte in a line")
        raise Partial
    if end == at or data[end - 1] != 13 or b"\r" in data[at:end - 1]:
        raise Fault("bare CR or LF")
    return data[at:end - 1], end + 1


def fields(data, at):
    found = []
    while True:
        text, at = line(data, at)
        if not text:
            return found, at
        match = FIELD.match(text)
        if not match:
            raise Fault(f"field line {text[:60]!r}")
        found.append((match[1].decode().lower(), match[2].decode("latin-1")))


def chunks(data, at):
    body = b""
    while True:
        text, at = line(data, at)
        match = CHUNK.match(text)
        if not match:
            raise Fault(f"chunk line {text[:60]!r}")
        size = int(match[1], 16)
        if size == 0:
            _, at = fields(data, at)
            return body, at
        if len(data) < at + size + 2:
            if len(data) > at + size and data[at + size] != 13:
                raise Fault("no line end behind a chunk")
            raise Partial
        if data[at + size:at + size + 2] != b"\r\n":
            raise Fault("no line end behind a chunk")
        body += data[at:at + size]
        at += size + 2


def framed(message, minor, data, at, otherwise):
    """The body by RFC 9112 §6.3; `otherwise` is what the lack of both fields means."""
    lengths, codings = message.values("content-length"), message.values("transfer-encoding")
    if codings:
        if lengths or minor == 0 or len(codings) > 1 or codings[0].lower() != "chunked":
            raise Fault("Transfer-Encoding")
        return chunks(data, at)
    if lengths:
        if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
            raise Fault("Content-Length")
        end = at + int(lengths[0])
        if len(data) < end:
            raise Partial
        return data[at:end], end
    return otherwise()


def request(data, at=0):
    """The request at the front, and where the next begins."""
    if data[at:at + 2] == b"\r\n":
        at += 2
    elif data[at:] == b"\r":
        raise Partial
    message = Message()
    text, at = line(data, at)
    match = LINE.match(text)
    if not match:
        raise Fault(f"request line {text[:60]!r}")
    message.method, message.target, minor = match[1].decode(), match[2].decode(), int(match[3])
    message.minor = minor
    message.fields, at = fields(data, at)
    hosts = message.values("host")
    if len(hosts) > 1 or (minor == 1 and not hosts):
        raise Fault("Host")
    message.body, at = framed(message, minor, data, at, lambda: (b"", at))
    options = ",".join(message.values("connection")).lower()
    message.closes = minor == 0 or "close" in re.split(r"[, \t]+", options)
    return message, at


def requests(data):
    """The requests in the bytes, and how they end: 'end', 'partial', or the fault's text."""
    found, at = [], 0
    while at < len(data):
        try:
            message, at = request(data, at)
        except Partial:
            return found, "partial"
        except Fault as fault:
            return found, str(fault)
        found.append(message)
    return found, "end"


def answer(data, method, at_end, at=0):
    """The answer at the front, and where the next begins; interim ones are marked by their status."""
    message = Message()
    text, at = line(data, at)
    match = STATUS.match(text)
    if not match:
        raise Fault(f"status line {text[:60]!r}")
    message.status, minor = int(match[2]), int(match[1])
    message.fields, at = fields(data, at)
    options = ",".join(message.values("connection")).lower()
    message.closes = "close" in re.split(r"[, \t]+", options)
    if method == "HEAD" or message.status < 200 or message.status in (204, 304):
        return message, at

    def rest():
        message.closes = True
        if not at_end:
            raise Partial
        return data[at:], len(data)
    message.body, at = framed(message, minor, data, at, rest)
    return message, at
