// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Messages over a local socket, over the standard streams of a child, and a protocol that changes its framing.

#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageChannel>

#include <QCoreApplication>
#include <QProcess>

#include <cstdio>

using namespace InterprocessQt;

namespace
{
void print(const QByteArray &text)
{
    std::printf("%s\n", text.constData());
}

void talkToThePeer(LocalSocket *socket)
{
    //! [channel]
    auto *channel = new MessageChannel(socket, MessageChannel::LengthPrefix, socket);
    QObject::connect(channel, &MessageChannel::messageReceived, channel, [](const QByteArray &message) {
        print("received " + message);
    });
    QObject::connect(channel, &MessageChannel::errorOccurred, channel, [=] {
        print(channel->errorString().toUtf8());
        if (!channel->isOpen()) // no message of mine that was refused, but the peer
            socket->abort();
    });
    channel->send("hello");
    //! [channel]
}

void talkToAChild()
{
    //! [process]
    QProcess process;
    MessageChannel channel(&process, MessageChannel::Lines);
    process.start("cat", {});
    channel.send("through a child");
    if (channel.waitForMessage())
        print(*channel.receive());
    //! [process]
    process.closeWriteChannel();
    process.waitForFinished();
}

void changeTheFraming(QIODevice *device)
{
    //! [framing]
    auto *channel = new MessageChannel(device, MessageChannel::Lines, device);
    QObject::connect(channel, &MessageChannel::messageReceived, channel, [channel](const QByteArray &message) {
        print(message);
        if (message == "binary")
            channel->setFraming(MessageChannel::LengthPrefix);
    });
    //! [framing]
}
} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);

    talkToAChild();

    const auto ends = LocalSocket::pair();
    talkToThePeer(ends.first.get());
    MessageChannel peer(ends.second.get());
    QObject::connect(&peer, &MessageChannel::messageReceived, &peer, [&peer](const QByteArray &message) {
        peer.send("an answer to " + message);
        peer.close();
    });

    const auto others = LocalSocket::pair();
    changeTheFraming(others.second.get());
    others.first->write(QByteArray("text\nbinary\n\0\0\0\3end", 19));

    // The hostile one comes last.
    QObject::connect(
        ends.first.get(),
        &QIODevice::readyRead,
        &application,
        [&ends] {
            ends.second->write("\xff\xff\xff\xff");
        },
        Qt::SingleShotConnection);
    QObject::connect(ends.first.get(), &LocalSocket::disconnected, &application, &QCoreApplication::quit, Qt::QueuedConnection);
    return application.exec();
}
