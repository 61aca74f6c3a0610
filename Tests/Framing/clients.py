"""Clients that send raw bytes, read strictly, and say what was not as it must be."""
import base64
import itertools
import json
import socket

import messages

addresses = itertools.count(1)
numbers = itertools.count(1000)
PATIENCE = {"seconds": 8.0}


class Client:
    """A connection of its own address, so that no case pays for another's refusals."""
    def __init__(self, port):
        number = next(addresses) % 60000
        self.socket = socket.socket()
        self.socket.bind((f"127.1.{number >> 8}.{number & 255}", 0))
        self.socket.settimeout(PATIENCE["seconds"])
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.data, self.has_ended, self.is_stuck, self.interim = b"", False, False, 0

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass

    def receive(self):
        """One more piece; false at the end."""
        try:
            piece = self.socket.recv(1 << 16)
        except TimeoutError:
            self.is_stuck = True
            return False
        except OSError:
            piece = b""
        self.data += piece
        self.has_ended = not piece
        return bool(piece)

    def answer(self, method):
        """The next final answer, or None where there is no whole one; Fault where the bytes are none."""
        while True:
            try:
                message, end = messages.answer(self.data, method, self.has_ended)
                self.data = self.data[end:]
                if message.status >= 200:
                    return message
                self.interim += 1
            except messages.Partial:
                if self.has_ended or self.is_stuck or not self.receive():
                    if self.has_ended and self.data:
                        try:
                            message, end = messages.answer(self.data, method, True)
                            self.data = self.data[end:]
                            return message
                        except messages.Partial:
                            pass
                    return None

    def finish(self):
        """Sends no more and reads to the end: what is left over, or what is wrong."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        while not self.has_ended and not self.is_stuck and self.receive():
            pass
        self.socket.close()
        if self.is_stuck:
            return "the connection stays open"
        return f"{len(self.data)} bytes more: {self.data[:80]!r}" if self.data else None


def control(port, key, client=None):
    """A plain call that must be answered with exactly what it asked; gives what is wrong and its target."""
    target = f"/api/v2/admin/location/districts/{next(numbers)}"
    client, own = client or Client(port), client is None
    client.send(f"GET {target} HTTP/1.1\r\nHost: gateway\r\nx-api-key: {key}\r\n\r\n".encode())
    try:
        answer = client.answer("GET")
    except messages.Fault as fault:
        return f"the next call was answered with no answer: {fault}", target
    wrong = None
    if answer is None or answer.status != 200:
        wrong = f"the next call was answered with {answer and answer.status}"
    else:
        try:
            if json.loads(answer.body)["target"] != target:
                wrong = f"the next call got the answer of {json.loads(answer.body)['target']}"
        except (ValueError, KeyError):
            wrong = f"the next call got another's answer: {answer.body[:60]!r}"
    if own:
        client.socket.close()
    return wrong, target


OWN = {"host", "x-partner-id", "x-application-id", "x-environment", "x-request-id", "x-forwarded-for", "traceparent", "content-length",
       "transfer-encoding", "connection"}


def differs(step, asked, seen):
    """How what a server saw is not what the client framed."""
    body = base64.b64decode(seen["body"])
    if (seen["method"], seen["target"], body) != (step.first, step.target, step.body):
        return f"saw {seen['method']} {seen['target'][:80]} with {body[:60]!r}"
    sent = set(asked.fields) if asked else set()
    found = [(name, value) for name, value in map(tuple, seen["fields"])]
    for name, value in found:
        if name not in OWN and (name, value) not in sent and (name, value.split(" ")[-1]) != ("via", "partner-gateway"):
            return f"saw the field {name}: {value[:60]}"
    for name in step.lacks:
        if any(found_name == name for found_name, _ in found):
            return f"saw the field {name}"
    for wanted in step.has:
        name, _, value = wanted.partition(":")
        if (name, value.strip(" ")) not in found:
            return f"did not see {wanted!r}"
    return None
