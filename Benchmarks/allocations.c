// Counts heap allocations of the process it is preloaded into: LD_PRELOAD=allocations.so ALLOCATIONS_FILE=FILE program
// FILE, of at least 512 bytes, is mapped and shared: 64 counters of 8 bytes. The first counts every call that asked for memory, the
// others the same calls by size: counter n those of 2^(n-1) to 2^n - 1 bytes. Memory still comes from glibc's own functions.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static uint64_t before_main[64], *counters = before_main;

__attribute__((constructor)) static void open_counters(void) {
    const char *path = getenv("ALLOCATIONS_FILE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *shared = mmap(NULL, 512, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (shared != MAP_FAILED) counters = shared;
}

static void count(size_t bytes) {
    int size_class = bytes ? 64 - __builtin_clzl(bytes) : 1;
    __atomic_fetch_add(&counters[0], 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&counters[size_class < 63 ? size_class : 63], 1, __ATOMIC_RELAXED);
}

void *malloc(size_t bytes) { count(bytes); return __libc_malloc(bytes); }

void *calloc(size_t n, size_t bytes) { count(n * bytes); return __libc_calloc(n, bytes); }

void *realloc(void *old, size_t bytes) { count(bytes); return __libc_realloc(old, bytes); }

void *reallocarray(void *old, size_t n, size_t bytes) {
    size_t all;
    if (__builtin_mul_overflow(n, bytes, &all)) { errno = ENOMEM; return NULL; }
    return realloc(old, all);
}

void *memalign(size_t alignment, size_t bytes) { count(bytes); return __libc_memalign(alignment, bytes); }

void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }

int posix_memalign(void **to, size_t alignment, size_t bytes) {
    if (alignment < sizeof(void *) || alignment & (alignment - 1)) return EINVAL;
    void *made = memalign(alignment, bytes);
    if (!made) return ENOMEM;
    *to = made;
    return 0;
}
