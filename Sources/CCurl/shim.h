#include "lazy.h"

// curl_easy_setopt and its like take a variable list of arguments, which Swift does not import.
static inline CURLcode nof0_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

// libcurl keeps a copy of the text.
static inline CURLcode nof0_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode nof0_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

// libcurl keeps a copy of the body.
static inline CURLcode nof0_set_body(CURL *easy, const void *bytes, curl_off_t count) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, count);
  return code != CURLE_OK ? code : curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
typedef size_t (*nof0_sink)(char *bytes, size_t size, size_t count, void *user);

static inline CURLcode nof0_set_sink(CURL *easy, CURLoption option, nof0_sink sink) {
  return curl_easy_setopt(easy, option, sink);
}

static inline CURLcode nof0_set_prereq(CURL *easy, curl_prereq_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode nof0_get_long(CURL *easy, CURLINFO field, long *value) {
  return curl_easy_getinfo(easy, field, value);
}

// The address as a number; CURLINFO_PRIVATE gives one.
static inline CURLcode nof0_get_pointer(CURL *easy, CURLINFO field, long *address) {
  char *pointer = 0;
  CURLcode code = curl_easy_getinfo(easy, field, &pointer);
  *address = (long)pointer;
  return code;
}

static inline CURLMcode nof0_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// The result lies in a union.
static inline CURLcode nof0_result(const CURLMsg *message) { return message->data.result; }
