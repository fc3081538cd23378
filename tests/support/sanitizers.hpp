// Whether this program was compiled with AddressSanitizer or ThreadSanitizer: 0 or 1.
#pragma once

#ifndef __has_feature
#define __has_feature(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) || \
    __has_feature(thread_sanitizer)
#define SOAP_TEST_SANITIZED 1
#else
#define SOAP_TEST_SANITIZED 0
#endif
