// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Tells the service manager that this service is ready, by the protocol of sd_notify(3).

#include <InterprocessQt/UnixDatagramSocket>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    //! [notify]
    const QString manager = qEnvironmentVariable("NOTIFY_SOCKET"); // a path, or "@" and a name
    UnixDatagramSocket socket;
    if (!manager.isEmpty() && !socket.sendTo("READY=1\nSTATUS=Waiting for work", manager))
        qWarning("%s", qPrintable(socket.errorString()));
    //! [notify]
    std::printf("%s\n", manager.isEmpty() ? "nobody wants to know" : "told");
    return socket.error() == UnixDatagramSocket::UnknownSocketError ? 0 : 1;
}
