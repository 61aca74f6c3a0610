// The floor of a proxied request: a relay that parses nothing.   relay PORT UPSTREAM_PORT [ANSWER_BYTES]
// One thread, edge-triggered epoll; upstream connections are pooled. One read() from a client is one request.
// Without ANSWER_BYTES one read() from upstream is one answer (true on loopback at a few KiB): 4 calls a request + epoll_wait.
// With it every answer has exactly that many bytes, head and body: they are counted, not parsed, to know when the upstream
// connection is free again, and what a client cannot take yet waits for its EPOLLOUT while the upstream is left unread.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK 65536                          // bytes a read
static int peer[1 << 16], is_up[1 << 16], pool[1 << 16], npool;
static char buf[CHUNK];
static long answer_bytes;                    // of case L; 0: one read is one answer
static long left[1 << 16];                   // by upstream: bytes of the answer still to be read
static int readable[1 << 16];                // by upstream: more may lie in the socket
static char *waiting[1 << 16];               // by client: what it could not take yet, made when first needed and kept
static int from[1 << 16], to[1 << 16];       // where in it the bytes are

// Both ends of a large answer that went wrong.
static void drop(int fd) {
    int other = peer[fd];
    close(fd); peer[fd] = -1; from[fd] = to[fd] = 0;
    if (other >= 0) { close(other); peer[other] = -1; from[other] = to[other] = 0; }
    if (other < 0 && is_up[fd]) for (int i = 0; i < npool; i++) if (pool[i] == fd) { pool[i] = pool[--npool]; break; }
}

// Upstream to client, until one of them has enough for now. A short read has emptied the socket: no second one for EAGAIN.
static void pump(int up) {
    int client = peer[up];
    while (readable[up] && from[client] == to[client]) {
        ssize_t n = read(up, buf, CHUNK);
        if (n < 0 && errno == EAGAIN) { readable[up] = 0; return; }
        if (n <= 0 || n > left[up]) { drop(up); return; }
        if (n < CHUNK) readable[up] = 0;
        left[up] -= n;
        ssize_t sent = send(client, buf, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) sent = 0;
        if (sent < 0) { drop(up); return; }
        if (sent < n) {
            if (!waiting[client] && !(waiting[client] = malloc(CHUNK))) { perror("malloc"); exit(1); }
            memcpy(waiting[client], buf + sent, n - sent);
            from[client] = 0; to[client] = n - sent;
        }
        if (!left[up]) { peer[client] = peer[up] = -1; pool[npool++] = up; return; }
    }
}

// A client takes bytes again: what waits for it, then the rest of the answer.
static void flush(int client) {
    ssize_t sent = send(client, waiting[client] + from[client], to[client] - from[client], MSG_NOSIGNAL);
    if (sent < 0) { if (errno != EAGAIN) drop(client); return; }
    if ((from[client] += sent) == to[client] && peer[client] >= 0) pump(peer[client]);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    if (argc > 3 && (answer_bytes = atol(argv[3])) <= 0) return 2;
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, u = a;
    u.sin_port = htons(atoi(argv[2]));
    int l = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1, ep = epoll_create1(0);
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(l, (void *)&a, sizeof a) || listen(l, 4096)) { perror("listen"); return 1; }
    struct epoll_event e = { .events = EPOLLIN, .data.fd = l }, ev[256];
    epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
    for (;;) {
        int k = epoll_wait(ep, ev, 256, -1);
        for (int j = 0; j < k; j++) {
            int fd = ev[j].data.fd;
            if (fd == l) {
                while ((fd = accept4(l, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    is_up[fd] = 0; peer[fd] = -1; from[fd] = to[fd] = 0;
                    // Edge-triggered EPOLLOUT is only heard of after a send that did not fit: it costs no call of its own.
                    e.events = EPOLLIN | EPOLLET | (answer_bytes ? EPOLLOUT : 0); e.data.fd = fd; epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
                }
                continue;
            }
            if (answer_bytes) {
                if (is_up[fd] && peer[fd] >= 0) { readable[fd] = 1; pump(fd); continue; }
                if (!is_up[fd] && from[fd] < to[fd] && ev[j].events & EPOLLOUT) { flush(fd); continue; }
                if (!(ev[j].events & ~EPOLLOUT)) continue;
            }
            ssize_t n = read(fd, buf, sizeof buf);
            if (answer_bytes) {
                if (n < 0 && errno == EAGAIN) continue;
                if (n <= 0 || is_up[fd] || peer[fd] >= 0) { drop(fd); continue; }  // closed, or bytes that nobody asked for
            }
            if (n <= 0) { close(fd); if (peer[fd] >= 0) close(peer[fd]); continue; }
            if (is_up[fd]) { send(peer[fd], buf, n, MSG_NOSIGNAL); peer[peer[fd]] = -1; peer[fd] = -1; pool[npool++] = fd; continue; }
            int up;
            if (npool) up = pool[--npool];
            else {
                up = socket(AF_INET, SOCK_STREAM, 0);
                if (connect(up, (void *)&u, sizeof u)) { perror("connect"); return 1; }
                setsockopt(up, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                is_up[up] = 1;
                if (answer_bytes) ioctl(up, FIONBIO, &one);
                e.events = EPOLLIN | EPOLLET; e.data.fd = up; epoll_ctl(ep, EPOLL_CTL_ADD, up, &e);
            }
            peer[fd] = up; peer[up] = fd;
            if (answer_bytes) { left[up] = answer_bytes; readable[up] = 0; }
            send(up, buf, n, MSG_NOSIGNAL);
        }
    }
}
