#ifndef NOF0_CPOSIX_SHIM_H
#define NOF0_CPOSIX_SHIM_H

#include <malloc.h>
#include <spawn.h>

// glibc declares these only under _GNU_SOURCE, which the Glibc module does not set.
extern int syncfs(int descriptor);
extern int pipe2(int descriptors[2], int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int posix_spawn_file_actions_addchdir_np(
    posix_spawn_file_actions_t *actions, const char *path);

/// Flushes everything written to the file system of a descriptor; 0, or -1 with errno set.
static inline int nof0_syncfs(int descriptor) { return syncfs(descriptor); }

/// Makes a pipe; 0, or -1 with errno set.
static inline int nof0_pipe2(int descriptors[2], int flags) { return pipe2(descriptors, flags); }

/// Closes every descriptor from `from` on in the program that is started.
static inline int nof0_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

/// Starts the program in a folder.
static inline int nof0_spawn_in_folder(posix_spawn_file_actions_t *actions, const char *path) {
  return posix_spawn_file_actions_addchdir_np(actions, path);
}

/// Makes malloc fit a process that lives for a moment: one arena that grows by steps of a mebibyte
/// and keeps what it has. The arenas of threads grow page by page, a system call each.
static inline void nof0_tune_malloc(void) {
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_MMAP_THRESHOLD, 16 << 20);
}
#endif
