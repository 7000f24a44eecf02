// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef LOGCOLLECTOR_DEMO_H
#define LOGCOLLECTOR_DEMO_H

// Collects here, and starts this program several times as senders. Returns the exit code.
int runDemo();

#endif
