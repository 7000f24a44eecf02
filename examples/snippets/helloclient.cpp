// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// The smallest complete client: sends a line to the server of helloserver.cpp, and prints the answer.

//! [client]
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    LocalSocket socket;
    QObject::connect(&socket, &LocalSocket::readyRead, &socket, [&socket] {
        if (socket.canReadLine()) {
            std::printf("%s", socket.readLine().constData());
            QCoreApplication::quit();
        }
    });
    QObject::connect(&socket, &LocalSocket::errorOccurred, &socket, [&socket] {
        std::fprintf(stderr, "%s\n", qPrintable(socket.errorString()));
        QCoreApplication::exit(1);
    });
    socket.connectToServer("hello");
    socket.write("World\n"); // goes out as soon as the connection is there
    return application.exec();
}
//! [client]
