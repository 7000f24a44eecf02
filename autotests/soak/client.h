// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef CLIENT_H
#define CLIENT_H

#include <QString>

/*
 * The other process: connects to one of the servers, sends small and large pieces, compares what comes back, goes and comes
 * again, until it is killed or has come as often as it was told. Returns 1 if anything came back that was not sent.
 */
int runClient(const QString &kind, const QString &path, int connections);

#endif
