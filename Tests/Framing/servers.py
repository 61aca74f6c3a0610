"""The servers behind the gateway: each answers with what it saw, and notes it."""
import base64
import json
import os
import socket
import struct
import subprocess
import threading
import time

import corpus
import messages

NODE = """
const http = require('http');
http.createServer({ keepAliveTimeout: 60000 }, (request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const fields = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2) fields.push([request.rawHeaders[i].toLowerCase(), request.rawHeaders[i + 1]]);
    const seen = JSON.stringify({ method: request.method, target: request.url, fields, body: Buffer.concat(parts).toString('base64') });
    process.stdout.write(seen + '\\n');
    response.setHeader('Content-Type', 'application/json');
    response.end(seen);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
"""

NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d;
  scgi_temp_path {folder}/e; underscores_in_headers on; ignore_invalid_headers off; merge_slashes off; large_client_header_buffers 8 64k;
  keepalive_requests 1000000;
  server {{ listen 127.0.0.1:{port}; location / {{
    proxy_pass http://127.0.0.1:{behind}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; }} }}
}}
"""

HAPROXY = """
global
  maxconn 1000
  tune.bufsize 65536
  tune.http.maxhdr 256
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind 127.0.0.1:{port}
  default_backend echo
backend echo
  server echo 127.0.0.1:{behind}
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Listener:
    """A server of our own: a thread a connection."""
    def __init__(self):
        self.seen = []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        data = b""
        try:
            while True:
                try:
                    message, end = messages.request(data)
                except messages.Partial:
                    if self.early(data, connection):
                        return
                    piece = connection.recv(1 << 16)
                    if not piece:
                        return
                    data += piece
                    continue
                data = data[end:]
                if not self.respond(message, connection):
                    return
        except messages.Fault as fault:
            self.seen.append({"method": "FAULT", "target": str(fault), "fields": [], "body": ""})
        except OSError:
            pass
        finally:
            connection.close()

    def early(self, data, connection):
        """Whether the rest of this request need not come."""
        return False

    def respond(self, message, connection):
        seen = {"method": message.method, "target": message.target, "fields": message.fields,
                "body": base64.b64encode(message.body).decode()}
        self.seen.append(seen)
        body = b"" if message.method == "HEAD" else json.dumps(seen).encode()
        length = len(json.dumps(seen).encode())
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % length + body)
        return True

    def stop(self):
        self.socket.close()


class Program:
    """A foreign server, in front of a Listener of ours that reports what it passes on; Node reports itself."""
    def __init__(self, name, folder):
        self.name, self.folder, self.port = name, folder, free_port()
        self.behind = Listener()
        self.seen = self.behind.seen
        output = None
        if name == "node":
            script = self.write("echo.js", NODE)
            command, output = ["node", "--max-http-header-size=65536", script, str(self.port)], subprocess.PIPE
        elif name == "nginx":
            file = self.write("nginx.conf", NGINX)
            command = ["nginx", "-c", file, "-p", folder]
        else:
            command = ["haproxy", "-db", "-q", "-f", self.write("haproxy.cfg", HAPROXY)]
        environment = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
        self.program = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, env=environment)
        if output:
            threading.Thread(target=self.read, daemon=True).start()
        wait_for(self.port, name)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text if name.endswith("js") else text.format(folder=self.folder, port=self.port, behind=self.behind.port))
        return path

    def read(self):
        for line in self.program.stdout:
            self.seen.append(json.loads(line))

    def stop(self):
        self.program.kill()
        self.program.wait()
        self.behind.stop()


class Script(Listener):
    """A core store that answers by the corpus what carries X-Case, and properly what does not."""
    def __init__(self):
        self.cases = {}
        self.played = threading.Event()
        super().__init__()

    def early(self, data, connection):
        """Answers a head whose body is still to come, where the case says so."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return False
        found, _ = messages.fields(data, data.index(b"\r\n") + 2)
        case = self.cases.get(dict(found).get("x-case"))
        if case is None or case.request != "POST early":
            return False
        while self.play(case, connection) and connection.recv(1 << 16):
            case = corpus.NOTHING
        return True

    def respond(self, message, connection):
        case = self.cases.get((message.values("x-case") or [None])[0])
        if case is None:
            return super().respond(message, connection)
        self.seen.append({"method": message.method, "target": message.target})
        return self.play(case, connection)

    def play(self, case, connection):
        try:
            return self.act(case.acts, connection)
        finally:
            self.played.set()

    @staticmethod
    def act(acts, connection):
        for act in acts:
            if act == "pause":
                time.sleep(0.03)
            elif act == "close":
                return False
            elif act == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            else:
                connection.sendall(act)
        return True


def wait_for(port, name):
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"{name} does not listen on 127.0.0.1:{port}")
