// What ThreadSanitizer must be told of Swift's Mutex. Its fast paths are inlined and so instrumented; the slow ones are in the standard
// library, which is not, and hand the lock over in the kernel: without this every contended lock looks like no lock at all. These take the
// place of the slow paths by their names, say what they mean, and call them.
#define _GNU_SOURCE
#include "Sanitizing.h"

#if defined(__has_feature) && __has_feature(thread_sanitizer)
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slowly(uint32_t thread, SELF void *handle) __asm__(LOCK);
SWIFT void unlock_slowly(SELF void *handle) __asm__(UNLOCK);

static void *original(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (!function) abort();
    return function;
}

SWIFT void lock_slowly(uint32_t thread, SELF void *handle) {
    SWIFT void (*function)(uint32_t, SELF void *) = original(LOCK);
    function(thread, handle);
    __tsan_acquire(handle);
}

SWIFT void unlock_slowly(SELF void *handle) {
    SWIFT void (*function)(SELF void *) = original(UNLOCK);
    __tsan_release(handle);
    function(handle);
}
#endif
