#ifndef NOF0_CCURL_LAZY_H
#define NOF0_CCURL_LAZY_H
// libcurl brings thirty libraries with it (TLS, Kerberos, LDAP): linked, they cost every run, also
// one that asks nobody, 4 ms before it begins. So the functions that are used are looked up in the
// library when the first of them is called. Without the library they fail as they do without
// memory.

#define CURL_DISABLE_TYPECHECK
#define curl_global_init nof0_linked_curl_global_init
#define curl_easy_init nof0_linked_curl_easy_init
#define curl_easy_cleanup nof0_linked_curl_easy_cleanup
#define curl_easy_perform nof0_linked_curl_easy_perform
#define curl_easy_reset nof0_linked_curl_easy_reset
#define curl_easy_strerror nof0_linked_curl_easy_strerror
#define curl_multi_init nof0_linked_curl_multi_init
#define curl_multi_add_handle nof0_linked_curl_multi_add_handle
#define curl_multi_remove_handle nof0_linked_curl_multi_remove_handle
#define curl_multi_perform nof0_linked_curl_multi_perform
#define curl_multi_poll nof0_linked_curl_multi_poll
#define curl_multi_wakeup nof0_linked_curl_multi_wakeup
#define curl_multi_cleanup nof0_linked_curl_multi_cleanup
#define curl_multi_info_read nof0_linked_curl_multi_info_read
#define curl_multi_strerror nof0_linked_curl_multi_strerror
#define curl_slist_append nof0_linked_curl_slist_append
#define curl_slist_free_all nof0_linked_curl_slist_free_all
#include <curl/curl.h>
#undef curl_global_init
#undef curl_easy_init
#undef curl_easy_cleanup
#undef curl_easy_perform
#undef curl_easy_reset
#undef curl_easy_strerror
#undef curl_multi_init
#undef curl_multi_add_handle
#undef curl_multi_remove_handle
#undef curl_multi_perform
#undef curl_multi_poll
#undef curl_multi_wakeup
#undef curl_multi_cleanup
#undef curl_multi_info_read
#undef curl_multi_strerror
#undef curl_slist_append
#undef curl_slist_free_all
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt
#include <dlfcn.h>

// The address of a function; NULL where there is no libcurl. glibc counts and locks by itself.
static inline void *nof0_curl(const char *name) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_GLOBAL);
  return library == NULL ? NULL : dlsym(library, name);
}

// Declares `found`, the function of that name and type, looked up once.
#define NOF0_FIND(type, name)                                       \
  typedef type;                                                     \
  static void *known = NULL;                                        \
  void *address = __atomic_load_n(&known, __ATOMIC_ACQUIRE);        \
  if (address == NULL) {                                            \
    address = nof0_curl(name);                                      \
    __atomic_store_n(&known, address, __ATOMIC_RELEASE);            \
  }                                                                 \
  nof0_function found = (nof0_function)address

#define curl_easy_setopt(easy, option, value)                                            \
  __extension__({                                                                        \
    NOF0_FIND(CURLcode (*nof0_function)(CURL *, CURLoption, ...), "curl_easy_setopt");   \
    found == NULL ? CURLE_FAILED_INIT : found(easy, option, value);                      \
  })
#define curl_easy_getinfo(easy, field, value)                                            \
  __extension__({                                                                        \
    NOF0_FIND(CURLcode (*nof0_function)(CURL *, CURLINFO, ...), "curl_easy_getinfo");    \
    found == NULL ? CURLE_FAILED_INIT : found(easy, field, value);                       \
  })
#define curl_multi_setopt(multi, option, value)                                          \
  __extension__({                                                                        \
    NOF0_FIND(CURLMcode (*nof0_function)(CURLM *, CURLMoption, ...), "curl_multi_setopt"); \
    found == NULL ? CURLM_INTERNAL_ERROR : found(multi, option, value);                  \
  })

static inline CURLcode curl_global_init(long flags) {
  NOF0_FIND(CURLcode (*nof0_function)(long flags), "curl_global_init");
  return found == NULL ? CURLE_FAILED_INIT : found(flags);
}

static inline CURL *curl_easy_init(void) {
  NOF0_FIND(CURL *(*nof0_function)(void), "curl_easy_init");
  return found == NULL ? NULL : found();
}

static inline void curl_easy_cleanup(CURL *easy) {
  NOF0_FIND(void (*nof0_function)(CURL *easy), "curl_easy_cleanup");
  if (found != NULL) found(easy);
}

static inline CURLcode curl_easy_perform(CURL *easy) {
  NOF0_FIND(CURLcode (*nof0_function)(CURL *easy), "curl_easy_perform");
  return found == NULL ? CURLE_FAILED_INIT : found(easy);
}

static inline void curl_easy_reset(CURL *easy) {
  NOF0_FIND(void (*nof0_function)(CURL *easy), "curl_easy_reset");
  if (found != NULL) found(easy);
}

static inline const char *curl_easy_strerror(CURLcode code) {
  NOF0_FIND(const char *(*nof0_function)(CURLcode code), "curl_easy_strerror");
  return found == NULL ? "libcurl.so.4 cannot be opened" : found(code);
}

static inline CURLM *curl_multi_init(void) {
  NOF0_FIND(CURLM *(*nof0_function)(void), "curl_multi_init");
  return found == NULL ? NULL : found();
}

static inline CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy) {
  NOF0_FIND(CURLMcode (*nof0_function)(CURLM *multi, CURL *easy), "curl_multi_add_handle");
  return found == NULL ? CURLM_INTERNAL_ERROR : found(multi, easy);
}

static inline CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy) {
  NOF0_FIND(CURLMcode (*nof0_function)(CURLM *multi, CURL *easy), "curl_multi_remove_handle");
  return found == NULL ? CURLM_INTERNAL_ERROR : found(multi, easy);
}

static inline CURLMcode curl_multi_perform(CURLM *multi, int *running) {
  NOF0_FIND(CURLMcode (*nof0_function)(CURLM *multi, int *running), "curl_multi_perform");
  return found == NULL ? CURLM_INTERNAL_ERROR : found(multi, running);
}

static inline CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd *extra, unsigned count, int timeout_ms, int *ready) {
  NOF0_FIND(CURLMcode (*nof0_function)(CURLM *multi, struct curl_waitfd *extra, unsigned count, int timeout_ms, int *ready), "curl_multi_poll");
  return found == NULL ? CURLM_INTERNAL_ERROR : found(multi, extra, count, timeout_ms, ready);
}

static inline CURLMcode curl_multi_wakeup(CURLM *multi) {
  NOF0_FIND(CURLMcode (*nof0_function)(CURLM *multi), "curl_multi_wakeup");
  return found == NULL ? CURLM_INTERNAL_ERROR : found(multi);
}

static inline CURLMcode curl_multi_cleanup(CURLM *multi) {
  NOF0_FIND(CURLMcode (*nof0_function)(CURLM *multi), "curl_multi_cleanup");
  return found == NULL ? CURLM_INTERNAL_ERROR : found(multi);
}

static inline CURLMsg *curl_multi_info_read(CURLM *multi, int *left) {
  NOF0_FIND(CURLMsg *(*nof0_function)(CURLM *multi, int *left), "curl_multi_info_read");
  return found == NULL ? NULL : found(multi, left);
}

static inline const char *curl_multi_strerror(CURLMcode code) {
  NOF0_FIND(const char *(*nof0_function)(CURLMcode code), "curl_multi_strerror");
  return found == NULL ? "libcurl.so.4 cannot be opened" : found(code);
}

static inline struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
  NOF0_FIND(struct curl_slist *(*nof0_function)(struct curl_slist *list, const char *text), "curl_slist_append");
  return found == NULL ? NULL : found(list, text);
}

static inline void curl_slist_free_all(struct curl_slist *list) {
  NOF0_FIND(void (*nof0_function)(struct curl_slist *list), "curl_slist_free_all");
  if (found != NULL) found(list);
}

#endif
