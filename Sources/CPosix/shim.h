#ifndef NOF0_CPOSIX_SHIM_H
#define NOF0_CPOSIX_SHIM_H

// glibc declares syncfs only under _GNU_SOURCE, which the Glibc module does not set.
extern int syncfs(int descriptor);

/// Flushes everything written to the file system of a descriptor; 0, or -1 with errno set.
static inline int nof0_syncfs(int descriptor) { return syncfs(descriptor); }
#endif
