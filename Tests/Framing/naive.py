"""A relay as one should not be: lengths before codings, line ends as they come, heads passed on as they are, connections shared."""
import re
import socket
import threading


class Relay:
    """Stands in the gateway's place to show that the comparison sees a difference."""
    def __init__(self, store):
        self.store, self.pool = store, []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, client):
        try:
            reader = client.makefile("rb")
            while self.relay(reader, client):
                pass
        except (OSError, ValueError, OverflowError):
            pass
        finally:
            client.close()

    def relay(self, reader, client):
        head, length = self.head(reader)
        if not head:
            return False
        body = reader.read(length) if length is not None else self.chunks(reader) if b"chunked" in head.lower() else b""
        store = self.pool.pop() if self.pool else socket.create_connection(("127.0.0.1", self.store))
        store.settimeout(0.3)
        store.sendall(head + body)
        answers = store.makefile("rb")
        answer, length = self.head(answers)
        client.sendall(answer + (answers.read(length or 0) if not head.startswith(b"HEAD") else b""))
        self.pool.append(store)
        return bool(answer)

    @staticmethod
    def head(reader):
        """Lines to the first empty one, and the length where one looks like it."""
        head, length = b"", None
        while True:
            line = reader.readline(1 << 16)
            head += line
            found = re.match(rb"content-length\s*:\s*(.*?)\s*$", line, re.IGNORECASE)
            if found:
                length = int(found[1])
            if not line or not line.strip():
                return head, length

    @staticmethod
    def chunks(reader):
        body = b""
        while True:
            line = reader.readline(1 << 16)
            size = int(line.split(b";")[0].strip() or b"0", 16)
            body += line + reader.read(size) + reader.readline(1 << 16)
            if size == 0:
                return body
