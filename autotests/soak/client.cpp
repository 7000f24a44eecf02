// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "client.h"

#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageSocket>

#include <QRandomGenerator>

using namespace InterprocessQt;

namespace
{

constexpr int LongTime = 20'000;

QByteArray something(QRandomGenerator &random)
{
    // Mostly small ones; one in ten fills every buffer on the way.
    const int size = random.bounded(10) == 0 ? random.bounded(100'000, 1'000'000) : random.bounded(1, 2000);
    return QByteArray(size, char(random.bounded(256)));
}

// 0: all came back, 1: something else did, 2: the server is not there, or went
int echoBytes(const QString &path, QRandomGenerator &random)
{
    LocalSocket socket;
    socket.connectToServer(path);
    if (!socket.waitForConnected(LongTime))
        return 2;
    for (int i = random.bounded(1, 20); i > 0; --i) {
        const QByteArray sent = something(random);
        socket.write(sent);
        QByteArray received;
        while (received.size() < sent.size()) {
            if (socket.bytesAvailable() == 0 && !socket.waitForReadyRead(LongTime))
                return 2;
            received += socket.readAll();
        }
        if (received != sent)
            return 1;
    }
    if (random.bounded(2)) // or it is cut off
        socket.disconnectFromServer();
    return 0;
}

int echoMessages(const QString &path, MessageSocket::Transport transport, QRandomGenerator &random)
{
    MessageSocket socket(transport);
    socket.setAutomaticDelivery(false);
    socket.connectToServer(path);
    if (!socket.waitForConnected(LongTime))
        return 2;
    for (int i = random.bounded(1, 20); i > 0; --i) {
        QByteArray sent = something(random);
        if (transport == MessageSocket::Transport::Packets)
            sent.truncate(100'000);
        if (!socket.send(sent))
            return 2;
        while (!socket.hasPendingMessages()) {
            if (!socket.waitForMessage(LongTime))
                return 2;
        }
        if (socket.receive() != sent)
            return 1;
    }
    if (random.bounded(2))
        socket.disconnectFromServer();
    return 0;
}

} // namespace

int runClient(const QString &kind, const QString &path, int connections)
{
    QRandomGenerator random = QRandomGenerator::securelySeeded();
    for (int i = 0; i < connections; ++i) {
        int result = 0;
        if (kind == QLatin1String("bytes"))
            result = echoBytes(path, random);
        else
            result = echoMessages(path, kind == QLatin1String("packets") ? MessageSocket::Transport::Packets : MessageSocket::Transport::Stream, random);
        if (result != 0)
            return result;
    }
    return 0;
}
