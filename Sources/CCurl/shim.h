#include "lazy.h"

// curl_easy_setopt takes a variable list of arguments, which Swift does not import.
static inline CURLcode nof0_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}
