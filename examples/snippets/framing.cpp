// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Messages with their length before them, read without copying.

#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>
#include <QtEndian>

#include <cstdio>

using namespace InterprocessQt;

namespace
{
void send(LocalSocket &socket, const QByteArray &message)
{
    char size[4];
    qToLittleEndian(quint32(message.size()), size);
    socket.write(size, 4);
    socket.write(message); // leaves in the same system call as its size, unless it is the first of this turn
}

void handle(QByteArrayView message)
{
    std::printf("%.*s\n", int(message.size()), message.data());
}

//! [view]
void readMessages(LocalSocket &socket)
{
    const QByteArrayView arrived = socket.view();
    qsizetype done = 0;
    while (arrived.size() - done >= 4) {
        const qsizetype size = qFromLittleEndian<quint32>(arrived.data() + done);
        if (arrived.size() - done - 4 < size)
            break; // the rest of it is still to come
        handle(arrived.sliced(done + 4, size));
        done += 4 + size;
    }
    socket.consume(done);
}
//! [view]
} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    const auto [writer, reader] = LocalSocket::pair();
    LocalSocket *const socket = reader.get();
    QObject::connect(socket, &LocalSocket::readyRead, socket, [socket] {
        readMessages(*socket);
    });
    QObject::connect(socket, &LocalSocket::disconnected, &application, &QCoreApplication::quit, Qt::QueuedConnection);

    for (const QByteArray message : {"one", "two", "three"})
        send(*writer, message);
    writer->closeWriteChannel();
    return application.exec();
}
