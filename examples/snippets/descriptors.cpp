// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// An open file goes to another process, beside the bytes that say what it is.

#include <InterprocessQt/UnixSocket>

#include <QCoreApplication>
#include <QFile>

#include <cstdio>
#include <fcntl.h>

using namespace InterprocessQt;

namespace
{
//! [send]
bool sendFile(UnixSocket &socket, const QString &path)
{
    FileDescriptor file(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC));
    return socket.send(path.toUtf8(), std::move(file)) > 0; // closed here as soon as the peer's copy is on its way
}
//! [send]

//! [receive]
void receiveFiles(UnixSocket *socket)
{
    socket->setMaximumDescriptors(1); // with each message
    QObject::connect(socket, &UnixSocket::readyRead, socket, [socket] {
        while (std::optional<UnixMessage> message = socket->receive()) {
            QFile file;
            if (message->takeDescriptor().moveTo(file, QIODevice::ReadOnly))
                std::printf("%s: %lld bytes\n", message->data().constData(), static_cast<long long>(file.size()));
        }
    });
}
//! [receive]
} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    const auto [sender, receiver] = UnixSocket::pair();
    receiveFiles(receiver.get());
    QObject::connect(receiver.get(), &UnixSocket::disconnected, &application, &QCoreApplication::quit, Qt::QueuedConnection);

    const bool sent = sendFile(*sender, "/dev/null");
    sender->disconnectFromServer();
    return sent ? application.exec() : 1;
}
