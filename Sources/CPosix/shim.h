#ifndef NOF0_CPOSIX_SHIM_H
#define NOF0_CPOSIX_SHIM_H

// glibc declares syncfs only under _GNU_SOURCE, which the Glibc module does not set.
extern int syncfs(int descriptor);

/// Flushes everything written to the file system of a descriptor; 0, or -1 with errno set.
static inline int nof0_syncfs(int descriptor) { return syncfs(descriptor); }

#include <malloc.h>

/// Makes malloc fit a process that lives for a moment: one arena that grows by steps of a mebibyte
/// and keeps what it has. The arenas of threads grow page by page, a system call each.
static inline void nof0_tune_malloc(void) {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_MMAP_THRESHOLD, 16 << 20);
}
#endif
