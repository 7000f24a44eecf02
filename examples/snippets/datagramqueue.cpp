// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Sends more than the receiver reads at once, and pauses when told.

#include <InterprocessQt/UnixDatagramSocket>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const auto [socket, receiver] = UnixDatagramSocket::pair();
    int left = 10'000;
    int received = 0;

    QObject::connect(receiver.get(), &UnixDatagramSocket::readyRead, &application, [&, &receiver = receiver] {
        while (receiver->receive())
            ++received;
        if (received == 10'000)
            QCoreApplication::quit();
    });

    //! [producer]
    const auto produce = [&left, &socket = *socket] {
        while (left > 0 && !socket.isCongested() && socket.send("item " + QByteArray::number(left)))
            --left;
    };
    QObject::connect(socket.get(), &UnixDatagramSocket::congestedChanged, socket.get(), [produce](bool congested) {
        if (!congested)
            produce();
    });
    produce();
    //! [producer]
    const bool paused = left > 0;
    application.exec();
    std::printf("received %d, paused: %s\n", received, paused ? "yes" : "no");
    return 0;
}
