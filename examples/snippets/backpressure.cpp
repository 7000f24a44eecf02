// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Sends more than anybody would want to have in memory, no faster than it is read.

#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>

using namespace InterprocessQt;

namespace
{
constexpr qint64 Total = 64 * 1024 * 1024;

//! [producer]
class Producer : public QObject
{
public:
    explicit Producer(LocalSocket &socket)
        : m_socket(socket)
    {
        connect(&socket, &LocalSocket::congestedChanged, this, &Producer::produce);
    }

    void produce()
    {
        while (!m_socket.isCongested() && m_left > 0) {
            const qint64 size = std::min<qint64>(m_left, 16 * 1024);
            m_left -= m_socket.write(QByteArray(size, 'x'));
        }
        if (m_left == 0)
            m_socket.closeWriteChannel(); // after what has been written
    }

private:
    LocalSocket &m_socket;
    qint64 m_left = Total;
};
//! [producer]
} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    const auto [writer, reader] = LocalSocket::pair();
    LocalSocket *const source = reader.get();
    const LocalSocket *const sink = writer.get();
    qint64 received = 0;
    qint64 mostWaiting = 0;
    QObject::connect(source, &LocalSocket::readyRead, source, [&] {
        mostWaiting = std::max(mostWaiting, sink->bytesToWrite());
        received += source->skip(source->bytesAvailable());
    });
    QObject::connect(source, &LocalSocket::disconnected, &application, &QCoreApplication::quit, Qt::QueuedConnection);

    Producer producer(*writer);
    producer.produce();
    application.exec();

    std::printf("received %lld, at most 2 MiB in memory: %s\n", static_cast<long long>(received), mostWaiting <= 2 * 1024 * 1024 ? "yes" : "no");
    return received == Total ? 0 : 1;
}
