#ifndef NOF0_CSQLITE_SHIM_H
#define NOF0_CSQLITE_SHIM_H
#include <sqlite3.h>

// sqlite3_db_config is variadic, which Swift does not import.

/// Keeps the write-ahead log when the last connection closes; returns an SQLite result code.
static inline int nof0_sqlite_keep_wal_on_close(void *connection) {
  int now = 0;
  return sqlite3_db_config(
      (sqlite3 *)connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &now);
}
#endif
