#ifndef NOF0_DASHBOARD_H
#define NOF0_DASHBOARD_H

#include <stddef.h>

/// Bytes of the program's own image; they live as long as it does.
typedef struct {
  const unsigned char *bytes;
  size_t count;
} nof0_dashboard_part;

/// The page with the names of its parts in double braces.
nof0_dashboard_part nof0_dashboard_page(void);
/// Its style sheet.
nof0_dashboard_part nof0_dashboard_style(void);
/// Its script, all files in their order.
nof0_dashboard_part nof0_dashboard_script(void);

#endif
