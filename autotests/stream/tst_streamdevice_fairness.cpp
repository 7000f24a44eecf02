// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QThread>
#include <QTimer>

#include <atomic>
#include <vector>

using namespace InterprocessQt;

// One stream that never pauses leaves room for all others, and for timers.
class tst_streamdevice_fairness : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aFloodOfDataStarvesNobody_data();
    void aFloodOfDataStarvesNobody();
    void aStreamThatIsNeverEmptyStarvesNobody();
    void aSlotThatAlwaysWritesStarvesNobody();
    void twoThatAnswerEachOtherAtOnceStarveNobody();
};

namespace
{
// Another thread that writes on a plain descriptor as fast as the kernel takes it, until the reader goes.
class Flood
{
public:
    explicit Flood(NativeHandle descriptor)
        : m_descriptor(std::move(descriptor))
        , m_thread(QThread::create([this] {
            const QByteArray block(256 * 1024, 'f');
            while (!m_stop && RawPeer::write(m_descriptor, block)) { }
        }))
    {
        m_thread->start();
    }
    ~Flood()
    {
        m_stop = true;
        do {
            RawPeer::interrupt(m_descriptor);
        } while (!m_thread->wait(20)); // it may just have been about to write
    }

private:
    NativeHandle m_descriptor;
    std::atomic<bool> m_stop = false;
    std::unique_ptr<QThread> m_thread;
};

// A question and an answer, again and again; and a timer. Both must get on while something else is busy.
class Bystanders : public QObject
{
public:
    Bystanders()
    {
        auto [first, second] = LocalSocket::pair();
        m_client = std::move(first);
        m_server = std::move(second);
        connect(m_server.get(), &LocalSocket::readyRead, this, [this] {
            m_server->write(m_server->readAll());
        });
        connect(m_client.get(), &LocalSocket::readyRead, this, [this] {
            m_client->readAll();
            ++answers;
            m_client->write("?");
        });
        connect(&m_timer, &QTimer::timeout, this, [this] {
            ++ticks;
        });
        m_timer.start(1);
        m_client->write("?");
    }
    int answers = 0;
    int ticks = 0;

private:
    std::unique_ptr<LocalSocket> m_client;
    std::unique_ptr<LocalSocket> m_server;
    QTimer m_timer;
};
} // namespace

void tst_streamdevice_fairness::aFloodOfDataStarvesNobody_data()
{
    QTest::addColumn<int>("idle");
    QTest::newRow("few sockets") << 0;
    QTest::newRow("many sockets") << 40; // those that come later share one notifier
}

void tst_streamdevice_fairness::aFloodOfDataStarvesNobody()
{
    QFETCH(int, idle);
    std::vector<std::pair<std::unique_ptr<LocalSocket>, std::unique_ptr<LocalSocket>>> others;
    for (int i = 0; i < idle; ++i)
        others.push_back(LocalSocket::pair());

    RawPeer::Pair ends = RawPeer::pair();
    LocalSocket flooded;
    QVERIFY(flooded.setSocketDescriptor(ends.ours.release()));
    qint64 received = 0;
    connect(&flooded, &LocalSocket::readyRead, this, [&] {
        received += flooded.skip(flooded.bytesAvailable());
    });
    Flood flood(std::move(ends.peer));
    QTRY_VERIFY(received > 0);
    Bystanders bystanders;
    QTRY_VERIFY_WITH_TIMEOUT(bystanders.answers >= 200, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(bystanders.ticks >= 20, 30'000);
    const qint64 before = received;
    QTRY_VERIFY(received > before); // it was a flood to the end
}

void tst_streamdevice_fairness::aStreamThatIsNeverEmptyStarvesNobody()
{
    // Filled up again by the very slot that has emptied it: reading on until it is empty would never end.
    RawPeer::Pair ends = RawPeer::pair();
    LocalSocket full;
    QVERIFY(full.setSocketDescriptor(ends.ours.release()));
    const auto fillUp = [&ends] {
        RawPeer::fill(ends.peer);
    };
    Bystanders bystanders;
    int calls = 0;
    connect(&full, &LocalSocket::readyRead, this, [&] {
        full.skip(full.bytesAvailable());
        if (++calls < 100'000) // the test ends even so
            fillUp();
    });
    fillUp();
    QTRY_VERIFY_WITH_TIMEOUT(bystanders.answers >= 200, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(bystanders.ticks >= 20, 30'000);
    QVERIFY(calls > 0);
    QVERIFY(calls < 100'000);
}

void tst_streamdevice_fairness::aSlotThatAlwaysWritesStarvesNobody()
{
    auto [first, second] = LocalSocket::pair();
    LocalSocket *const writer = first.get();
    LocalSocket *const reader = second.get();
    const QByteArray block(200'000, 'w');
    connect(writer, &LocalSocket::bytesWritten, this, [&] {
        writer->write(block);
    });
    qint64 received = 0;
    connect(reader, &LocalSocket::readyRead, this, [&] {
        received += reader->skip(reader->bytesAvailable());
    });
    writer->write(block);
    Bystanders bystanders;
    QTRY_VERIFY_WITH_TIMEOUT(bystanders.answers >= 200, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(bystanders.ticks >= 20, 30'000);
    const qint64 before = received;
    QTRY_VERIFY(received > before);
}

void tst_streamdevice_fairness::twoThatAnswerEachOtherAtOnceStarveNobody()
{
    auto [first, second] = LocalSocket::pair();
    int answers = 0;
    for (LocalSocket *socket : {first.get(), second.get()}) {
        connect(socket, &LocalSocket::readyRead, this, [&, socket] {
            ++answers;
            socket->write(socket->readAll());
            socket->flush();
        });
    }
    first->write("ping");
    Bystanders bystanders;
    QTRY_VERIFY_WITH_TIMEOUT(bystanders.answers >= 200, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(bystanders.ticks >= 20, 30'000);
    const int before = answers;
    QTRY_VERIFY(answers > before);
}

QTEST_GUILESS_MAIN(tst_streamdevice_fairness)
#include "tst_streamdevice_fairness.moc"
