// Fixed-answer HTTP server, one thread, edge-triggered epoll.   server PORT core|429|200
//   core: the core store of the fixed job (GET -> 200 with 1,500 bytes, a district's calendar -> 200 with 194,560, POST -> 201 with 200).
//   429:  floor of case R, a small 429 for every request.   200: floor of case C.
// It takes one read() as one request head (true on loopback with these requests); a POST body may come later.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CALENDAR_PATH "GET /api/v2/appointment/sessions/public/calendarByDistrict?"
#define CALENDAR_BODY 194560                 // case L: a large district's week

static char ok[4096], created[1024], refused[1024], calendar[CALENDAR_BODY + 1024]; static int ok_len, created_len, refused_len, calendar_len;
static int need[1 << 16];                    // body bytes still to come, by fd
static int owed[1 << 16];                    // bytes of the calendar still to be sent, by fd

static int answer(char *to, const char *head, int n) {
    int l = sprintf(to, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", head, n);
    memset(to + l, 'x', n); memcpy(to + l, "{\"a\":\"", 6); memcpy(to + l + n - 2, "\"}", 2);
    return l + n;
}

// What the socket takes of the calendar; the rest at its next EPOLLOUT.
static void send_calendar(int fd) {
    ssize_t n = send(fd, calendar + calendar_len - owed[fd], owed[fd], MSG_NOSIGNAL);
    if (n >= 0) owed[fd] -= n;
    else if (errno != EAGAIN) { owed[fd] = 0; close(fd); }
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    int core = !strcmp(argv[2], "core"), refuse = !strcmp(argv[2], "429");
    ok_len = answer(ok, core ? "200 OK\r\nCache-Control: max-age=1" : "200 OK\r\nRateLimit-Limit: 100\r\nRateLimit-Remaining: 99\r\nRateLimit-Reset: 1", 1500);
    calendar_len = answer(calendar, "200 OK\r\nCache-Control: max-age=1", CALENDAR_BODY);
    created_len = answer(created, "201 Created", 200);
    refused_len = answer(refused, "429 Too Many Requests\r\nRetry-After: 1\r\nRateLimit-Limit: 100\r\nRateLimit-Remaining: 0\r\nRateLimit-Reset: 1", 60);
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int l = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1, ep = epoll_create1(0);
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(l, (void *)&a, sizeof a) || listen(l, 4096)) { perror("listen"); return 1; }
    struct epoll_event e = { .events = EPOLLIN, .data.fd = l }, ev[256];
    epoll_ctl(ep, EPOLL_CTL_ADD, l, &e);
    static char buf[65536];
    for (;;) {
        int k = epoll_wait(ep, ev, 256, -1);
        for (int j = 0; j < k; j++) {
            int fd = ev[j].data.fd;
            if (fd == l) {
                while ((fd = accept4(l, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    need[fd] = owed[fd] = 0;
                    e.events = EPOLLIN | EPOLLET | EPOLLRDHUP | (core ? EPOLLOUT : 0); e.data.fd = fd; epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
                }
                continue;
            }
            if (owed[fd] && ev[j].events & EPOLLOUT) send_calendar(fd);
            if (!(ev[j].events & ~EPOLLOUT)) continue;
            ssize_t n = read(fd, buf, sizeof buf - 1);
            if (n < 0 && errno == EAGAIN) continue;
            if (n <= 0) { close(fd); continue; }
            if (refuse) { send(fd, refused, refused_len, MSG_NOSIGNAL); continue; }
            if (!core) { send(fd, ok, ok_len, MSG_NOSIGNAL); continue; }
            if (need[fd]) need[fd] -= n;
            else if (buf[0] == 'P') {
                buf[n] = 0;
                char *end = strstr(buf, "\r\n\r\n"), *cl = strcasestr(buf, "content-length:");
                if (!end || !cl) { fprintf(stderr, "split head\n"); close(fd); continue; }
                need[fd] = atoi(cl + 15) - (int)(buf + n - (end + 4));
            } else if (n >= (int)sizeof CALENDAR_PATH && !memcmp(buf, CALENDAR_PATH, sizeof CALENDAR_PATH - 1)) {
                owed[fd] = calendar_len;
                send_calendar(fd);
                continue;
            } else { send(fd, ok, ok_len, MSG_NOSIGNAL); if (ev[j].events & EPOLLRDHUP) close(fd); continue; }
            if (need[fd] <= 0) { need[fd] = 0; send(fd, created, created_len, MSG_NOSIGNAL); }
        }
    }
}
