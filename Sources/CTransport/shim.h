#ifndef PARTNER_GATEWAY_SYSTEM_H
#define PARTNER_GATEWAY_SYSTEM_H
// System calls that the C library's Swift module does not carry, and OpenSSL's digest: its plain form, which OpenSSL 3 calls deprecated,
// because the EVP one allocates for each digest and takes twice as long.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/socket.h>

// Declared by the C library only where _GNU_SOURCE is set before its first header.
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
#endif
