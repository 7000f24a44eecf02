// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Opens a file, and hands it to the process of filereceiver.cpp.

//! [program]
#include <InterprocessQt/UnixSocket>

#include <QCoreApplication>

#include <cstdio>
#include <fcntl.h>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const char *const path = argc > 1 ? argv[1] : "/etc/hostname";

    FileDescriptor file(::open(path, O_RDONLY | O_CLOEXEC));
    if (!file.isValid()) {
        std::perror(path);
        return 1;
    }
    UnixSocket socket;
    QObject::connect(&socket, &UnixSocket::disconnected, &application, &QCoreApplication::quit);
    QObject::connect(&socket, &UnixSocket::errorOccurred, &socket, [&socket] {
        std::fprintf(stderr, "%s\n", qPrintable(socket.errorString()));
        QCoreApplication::exit(1);
    });
    QObject::connect(&socket, &UnixSocket::connected, &socket, [&] {
        socket.send(path, std::move(file)); // closed here as soon as the peer's copy is on its way
        socket.disconnectFromServer(); // when that has been sent
    });
    socket.connectToServer(Address::runtime("files"));
    return application.exec();
}
//! [program]
