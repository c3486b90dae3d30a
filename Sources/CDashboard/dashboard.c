#include "dashboard.h"

// The files of the page as they lie beside this one: #embed (C23) costs no compile time, while
// SwiftPM's .embedInCode made a 125 KB array literal that took the compiler 45 s of a core.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char page[] = {
#embed "Page/index.html"
};

static const unsigned char style[] = {
#embed "Page/dashboard.css"
};

static const unsigned char script[] = {
#embed "Page/text.js"
    ,
#embed "Page/feed.js"
    ,
#embed "Page/arena.js"
    ,
#embed "Page/leaderboard.js"
    ,
#embed "Page/chart.js"
    ,
#embed "Page/holdings.js"
    ,
#embed "Page/talk.js"
    ,
#embed "Page/behaviour.js"
    ,
#embed "Page/operations.js"
    ,
#embed "Page/page.js"
};

nof0_dashboard_part nof0_dashboard_page(void) {
  return (nof0_dashboard_part){page, sizeof page};
}

nof0_dashboard_part nof0_dashboard_style(void) {
  return (nof0_dashboard_part){style, sizeof style};
}

nof0_dashboard_part nof0_dashboard_script(void) {
  return (nof0_dashboard_part){script, sizeof script};
}
