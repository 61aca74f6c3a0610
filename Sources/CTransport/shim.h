#ifndef PARTNER_GATEWAY_SYSTEM_H
#define PARTNER_GATEWAY_SYSTEM_H
// System calls that the C library's Swift module does not carry, and OpenSSL: its digest in its plain form, which OpenSSL 3 calls deprecated,
// because the EVP one allocates for each digest and takes twice as long; and TLS.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <malloc.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>

// Declared by the C library only where _GNU_SOURCE is set before its first header.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

// What OpenSSL has as macros only.
static inline void gateway_tls_harden(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_read_ahead(context, 1);
}
static inline int gateway_tls_set_groups(SSL_CTX *context, const char *names) { return SSL_CTX_set1_groups_list(context, names); }
static inline void gateway_tls_set_no_cache(SSL_CTX *context) { SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); }
static inline int gateway_tls_set_server_name(SSL *session, const char *name) { return SSL_set_tlsext_host_name(session, name); }
static inline int gateway_tls_set_code_key(EVP_MAC_CTX *code, void *key, size_t bytes) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, bytes),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(code, parameters);
}
static inline STACK_OF(X509) *gateway_tls_chain(SSL_CTX *context) {
    STACK_OF(X509) *chain = NULL;
    SSL_CTX_get0_chain_certs(context, &chain);
    return chain;
}
#endif
