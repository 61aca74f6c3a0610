// HTTP/1.1 keep-alive load generator for 127.0.0.1, one thread, epoll.
//   loadgen -p PORT -k keys.txt [-m S|B|L|X] [-c CONNS] [-d SECS] [-w WARM] [-r RATE] [-f FIRST] [-n KEYS] [-i] [-q FIRST,THEN] [-t] [-H]
// -r 0 (default): closed loop, every connection always has one request in flight (saturation).
// -r RATE: open loop. Request i is due at t0 + i/RATE and its latency counts from then, so a stall
//          of the gateway is charged to every request that was due during it (no coordinated omission).
// -i: send one request on each of CONNS connections (64 at a time), print "ready", hold them idle for -d seconds.
// -q FIRST,THEN: FIRST requests, "ready" when all are answered, waits for a line on stdin; THEN requests on the same connections,
//          "done" and the figures, waits for another line before it closes them. At most -d seconds each.
// -m X: nobody's requests, each another path, another district out of form or another key that is none.
// -t: over TLS 1.3; certificates are not verified. -H: also a new connection with a full handshake for every request.
// Build: gcc -O2 -o loadgen loadgen.c -lssl -lcrypto
// keys.txt: one application a line, the key is the first word; lines FIRST.. FIRST+KEYS-1 are cycled through.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#ifndef CITIZEN                              // any bearer token of the usual size
#define CITIZEN "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYmVuY2gifQ.c2lnbmF0dXJlLW9mLWEtY2l0aXplbi1pcy1ub3QtY2hlY2tlZC1oZXJl"
#endif
#define BUF 8192                             // head of an answer, and its body where that is small
#define HIST (1 << 21)                       // microseconds, clamped
#define CHUNKED -1                           // the body's length is not known
typedef struct { int fd, len, busy, status, shaken, next; SSL *ssl; int64_t left, body, due; char buf[BUF]; } conn;

static conn *conns; static int ep, port, nconn = 64, idle_mode, fresh_mode;
static SSL_CTX *tls;                         // null without -t
static char **req; static int *req_len, *unique, nreq; static uint64_t next_req;
static int *fifo, head, nidle;               // idle connections, oldest first
static long budget = -1;                     // requests that may still be sent, -1: no limit
static uint32_t *hist; static int64_t max_ns, t_count, t_end;
static uint64_t all, counted, status[600], errors, body_bytes;

static int64_t now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000LL + t.tv_nsec; }

static void put_idle(int i) { conns[i].busy = 0; fifo[(head + nidle++) % nconn] = i; }

static void dial(int i) {
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    if (fd < 0 || connect(fd, (void *)&a, sizeof a)) { perror("connect"); exit(1); }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event e = { .events = EPOLLIN, .data.u32 = i };
    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
    conns[i].fd = fd; conns[i].len = conns[i].status = 0;
    if (!tls) return;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    conns[i].ssl = SSL_new(tls); conns[i].shaken = 0;
    SSL_set_fd(conns[i].ssl, fd); SSL_set_connect_state(conns[i].ssl);
}

static void hang_up(int i) {
    if (conns[i].ssl) { SSL_free(conns[i].ssl); conns[i].ssl = NULL; }
    close(conns[i].fd);
}

// Whether the connection can carry requests: always without TLS, else once the handshake is done. -1: it failed.
static int shake(conn *c) {
    if (!tls || c->shaken) return 1;
    int n = SSL_do_handshake(c->ssl);
    if (n == 1) return c->shaken = 1;
    int why = SSL_get_error(c->ssl, n);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static ssize_t put(conn *c, const char *bytes, int n) {
    return tls ? SSL_write(c->ssl, bytes, n) : send(c->fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// As recv: bytes, 0 closed, -1 with EAGAIN. A null buffer counts and drops.
static ssize_t take(conn *c, char *to, int64_t n) {
    static char dropped[65536];
    if (!tls) return recv(c->fd, to, n, MSG_DONTWAIT | (to ? 0 : MSG_TRUNC));
    int got = SSL_read(c->ssl, to ? to : dropped, to || n < (int64_t)sizeof dropped ? n : (int64_t)sizeof dropped);
    if (got > 0) return got;
    errno = EAGAIN;
    return SSL_get_error(c->ssl, got) == SSL_ERROR_WANT_READ ? -1 : 0;
}

static void send_next(int i, int64_t due) {
    conn *c = &conns[i]; int k = next_req++ % nreq;
    if (unique[k]) for (uint64_t v = next_req * 0x9E3779B97F4A7C15, j = 16; j--; v >>= 4) req[k][unique[k] + j] = "0123456789abcdef"[v & 15];  // every booking has its own key
    c->busy = 1; c->due = due; c->len = c->status = 0; c->next = k;
    int ready = shake(c);                    // the rest of a handshake goes on in on_read
    if (ready < 0 || (ready && put(c, req[k], req_len[k]) != req_len[k])) errors++;
}

static void send_or_rest(int i, int64_t due) {
    if (!budget) { put_idle(i); return; }
    if (budget > 0) budget--;
    send_next(i, due);
}

// The head, once it is all there: its status, the body's length, what of the body came with it.
static void parse_head(conn *c) {
    char *end = memmem(c->buf, c->len, "\r\n\r\n", 4);
    if (!end) { if (c->len == BUF) { fprintf(stderr, "head too long\n"); exit(1); } return; }
    c->left = CHUNKED;
    for (char *p = c->buf; (p = memchr(p, '\n', end - p)); ) {
        p++;
        if ((*p | 32) == 'c' && !strncasecmp(p, "content-length:", 15)) c->left = atol(p + 15);
    }
    int got = c->len - (int)(end + 4 - c->buf);
    c->body = got;
    if (c->left != CHUNKED) c->left -= got;
    c->status = atoi(c->buf + 9);
}

// Reads what is there: heads (and what comes with them) into the buffer, the rest of a long body is counted and thrown away by
// the kernel (MSG_TRUNC), of a chunked one the last five bytes are kept. Returns bytes read (0 closed, -1 nothing there).
static ssize_t receive(conn *c) {
    ssize_t n;
    if (!c->status) {
        n = take(c, c->buf + c->len, BUF - c->len);
        if (n > 0) { c->len += n; parse_head(c); }
    } else if (c->left != CHUNKED) {
        n = take(c, NULL, c->left);
        if (n > 0) { c->left -= n; c->body += n; }
    } else {
        if (c->len > 5) { memmove(c->buf, c->buf + c->len - 5, 5); c->len = 5; }
        n = take(c, c->buf + c->len, BUF - c->len);
        if (n > 0) { c->len += n; c->body += n; }
    }
    return n;
}

static int complete(conn *c) {
    return c->status && (c->left == CHUNKED ? c->len >= 5 && !memcmp(c->buf + c->len - 5, "0\r\n\r\n", 5) : c->left <= 0);
}

static void on_read(int i, int64_t now, int closed_loop) {
    conn *c = &conns[i];
    if (tls && !c->shaken && c->busy) {
        int ready = shake(c);
        if (!ready) return;
        if (ready < 0 || put(c, req[c->next], req_len[c->next]) != req_len[c->next]) errors++;
    }
    int was_head = !c->status;
    ssize_t n = receive(c);
    if (n == BUF && was_head && !complete(c)) n = receive(c);  // a full buffer: more is there, most likely
    while (tls && n > 0 && !complete(c)) n = receive(c);       // what TLS holds already is announced by nobody
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {                            // closed by the gateway: an error only if a request was in flight
        errors += c->busy; hang_up(i); dial(i);
        if (c->busy) { c->busy = 0; if (closed_loop) send_or_rest(i, now); else put_idle(i); }
        return;
    }
    if (!complete(c)) return;
    int s = c->status;
    int64_t lat = now_ns() - c->due;
    all++; body_bytes += c->body;
    if (now >= t_count && now < t_end) {
        counted++; status[s % 600]++;
        uint64_t us = lat / 1000; hist[us < HIST ? us : HIST - 1]++;
        if (lat > max_ns) max_ns = lat;
    }
    if (fresh_mode) { hang_up(i); dial(i); }
    if (closed_loop) send_or_rest(i, now_ns()); else put_idle(i);
}

static double pct(double q) {
    uint64_t want = counted * q, sum = 0;
    for (int i = 0; i < HIST; i++) if ((sum += hist[i]) > want) return i;
    return 0;
}

static void load_keys(const char *path, int first, int n, char mode) {
    FILE *f = fopen(path, "r"); char line[256], key[128], r[1536];
    if (!f) { perror(path); exit(1); }
    char body[201]; memset(body, 'x', 200); memcpy(body, "{\"slot\":\"", 9); memcpy(body + 198, "\"}", 3);
    req = calloc(n, sizeof *req); req_len = calloc(n, sizeof *req_len); unique = calloc(n, sizeof *unique);
    for (int i = 0; nreq < n && fgets(line, sizeof line, f); i++) {
        if (i < first || sscanf(line, "%127s", key) != 1) continue;
        int l = snprintf(r, sizeof r, "%s HTTP/1.1\r\nHost: gateway.example\r\nX-API-Key: %s\r\nUser-Agent: partner-app/2.1 (Linux)\r\n"
            "Accept: application/json\r\nAccept-Encoding: gzip\r\nAccept-Language: hi-IN\r\nX-Correlation-Id: 3f6c1e9e-6b7e-4f7e-9f5e-0b1f6a5d2c11\r\n%s%s",
            mode == 'B' ? "POST /api/v2/appointment/schedule"
                : mode == 'L' ? "GET /api/v2/appointment/sessions/public/calendarByDistrict?date=21-06-2021&district_id=512"
                : "GET /api/v2/appointment/sessions/public/findByDistrict?date=21-06-2021&district_id=512", key,
            mode == 'B' ? "Authorization: Bearer " CITIZEN "\r\nIdempotency-Key: \"0000000000000000\"\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n" : "\r\n", mode == 'B' ? body : "");
        char *at = strstr(r, "0000000000000000\"");
        req[nreq] = strdup(r); unique[nreq] = at ? at - r : 0; req_len[nreq++] = l;
    }
    fclose(f);
    if (!nreq) { fprintf(stderr, "no keys\n"); exit(1); }
}

static const char *NOBODY[] = {
    "GET /api/v2/0000000000000000 HTTP/1.1\r\nHost: gateway.example\r\n\r\n",
    "GET /api/v2/appointment/sessions/public/findByDistrict?date=21-06-2021&district_id=0000000000000000 HTTP/1.1\r\nHost: gateway.example\r\n\r\n",
    "GET /api/v2/admin/location/states HTTP/1.1\r\nHost: gateway.example\r\nX-API-Key: pgw_production_aaaaaaaaaaaaaaaaaaaaaaaaaaaaa0000000000000000\r\n\r\n",
};

static void load_nobody(void) {
    nreq = sizeof NOBODY / sizeof *NOBODY;
    req = calloc(nreq, sizeof *req); req_len = calloc(nreq, sizeof *req_len); unique = calloc(nreq, sizeof *unique);
    for (int i = 0; i < nreq; i++) {
        req[i] = strdup(NOBODY[i]); req_len[i] = strlen(req[i]); unique[i] = strstr(req[i], "0000000000000000") - req[i];
    }
}

static void print_figures(double secs, int64_t late) {
    printf("rps=%.0f p50=%.0f p99=%.0f p999=%.0f max=%.0f all=%lu body=%.0f errors=%lu unsent=%ld", counted / secs, pct(.5), pct(.99), pct(.999), max_ns / 1e3, all, all ? (double)body_bytes / all : 0, errors, late > 0 ? late : 0);
    for (int s = 0; s < 600; s++) if (status[s]) printf(" status_%d=%lu", s, status[s]);
    puts("");
    fflush(stdout);
}

// Sends that many requests over the idle connections, a closed loop, until all are answered. All connections are idle before and after.
static int run_count(long requests, double secs) {
    struct epoll_event ev[256];
    budget = requests;
    t_count = now_ns(); t_end = t_count + secs * 1e9;
    for (int k = nidle; k > 0; k--) { int i = fifo[head]; head = (head + 1) % nconn; nidle--; send_or_rest(i, now_ns()); }
    while (budget || nidle < nconn) {
        int k = epoll_wait(ep, ev, 256, 100);
        int64_t now = now_ns();
        if (now > t_end) { fprintf(stderr, "not all of %ld requests were answered within %.0f s\n", requests, secs); return 1; }
        for (int j = 0; j < k; j++) on_read(ev[j].data.u32, now, 1);
    }
    return 0;
}

static int run_counts(long before, long then, double secs) {
    char line[16];
    for (int i = 0; i < nconn; i++) put_idle(i);
    if (run_count(before, secs)) return 1;
    puts("ready"); fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) return 1;
    all = counted = errors = body_bytes = max_ns = 0; memset(status, 0, sizeof status); memset(hist, 0, HIST * sizeof *hist);
    int64_t start = now_ns();
    if (run_count(then, secs)) return 1;
    printf("done "); print_figures((now_ns() - start) / 1e9, 0);
    return !fgets(line, sizeof line, stdin);
}

int main(int argc, char **argv) {
    double secs = 10, warm = 1, rate = 0; int o, first = 0, n = 800; long before = 0, then = 0; char mode = 'S'; const char *keys = "keys.txt";
    while ((o = getopt(argc, argv, "p:k:m:c:d:w:r:f:n:iq:tH")) != -1) switch (o) {
        case 'p': port = atoi(optarg); break;   case 'k': keys = optarg; break;
        case 'm': mode = *optarg; break;        case 'c': nconn = atoi(optarg); break;
        case 'd': secs = atof(optarg); break;   case 'w': warm = atof(optarg); break;
        case 'r': rate = atof(optarg); break;   case 'f': first = atoi(optarg); break;
        case 'n': n = atoi(optarg); break;      case 'i': idle_mode = 1; break;
        case 'q': if (sscanf(optarg, "%ld,%ld", &before, &then) != 2 || before < 1 || then < 1) return 2; break;
        case 'H': fresh_mode = 1;               /* falls through: handshakes are TLS's */
        case 't': tls = SSL_CTX_new(TLS_client_method()); SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
                  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF); break;
        default: return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    if (secs > 600) secs = 600;
    if (mode == 'X') load_nobody(); else load_keys(keys, first, n, mode);
    prctl(PR_SET_TIMERSLACK, 1000);
    conns = calloc(nconn, sizeof *conns); fifo = calloc(nconn, sizeof *fifo); hist = calloc(HIST, sizeof *hist);
    ep = epoll_create1(0);
    for (int i = 0; i < nconn; i++) dial(i);
    if (then) return run_counts(before, then, secs);
    int64_t t0 = now_ns(), tick = rate > 0 ? 1e9 / rate : 0;
    uint64_t issued = 0;
    t_count = t0 + warm * 1e9; t_end = t_count + secs * 1e9;
    if (idle_mode) for (int i = 0; i < nconn && i < 64; i++) { send_next(i, t0); issued++; }
    else for (int i = 0; i < nconn; i++) if (rate > 0) put_idle(i); else send_next(i, t0);
    struct epoll_event ev[256];
    for (int64_t now = t0; now < t_end; now = now_ns()) {
        struct timespec ts = { 0, 100000000 };
        if (rate > 0 && nidle) { int64_t w = t0 + (int64_t)issued * tick - now; ts.tv_nsec = w < 0 ? 0 : w > 100000000 ? 100000000 : w; }
        int k = epoll_pwait2(ep, ev, 256, &ts, NULL);
        now = now_ns();
        for (int j = 0; j < k; j++) {
            int i = ev[j].data.u32;
            uint64_t before = all;
            on_read(i, now, !idle_mode && rate <= 0);
            if (idle_mode && all > before) {
                if (issued < (uint64_t)nconn) { send_next(issued, now); issued++; }
                else if (all == (uint64_t)nconn) { puts("ready"); fflush(stdout); t_end = now + secs * 1e9; }
            }
        }
        if (rate > 0) for (now = now_ns(); nidle && t0 + (int64_t)issued * tick <= now; issued++) {
            int i = fifo[head]; head = (head + 1) % nconn; nidle--;
            send_next(i, t0 + (int64_t)issued * tick);
        }
    }
    int64_t late = rate > 0 ? (int64_t)((t_end - t0) / tick) - (int64_t)issued : 0;
    print_figures(secs, late);
    return 0;
}
