// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef REQUIRE_H
#define REQUIRE_H

#include <cstdio>
#include <cstdlib>

// Also without assertions: this is what a fuzz target is for.
#define REQUIRE(condition)                                                                                                                                     \
    do {                                                                                                                                                       \
        if (!(condition)) {                                                                                                                                    \
            std::fprintf(stderr, "%s:%d: this does not hold: %s\n", __FILE__, __LINE__, #condition);                                                           \
            std::abort();                                                                                                                                      \
        }                                                                                                                                                      \
    } while (false)

#endif
