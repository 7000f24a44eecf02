// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "duplex.h"
#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <csignal>
#include <memory>
#include <vector>

#include <sys/time.h>

using namespace InterprocessQt;

// A signal every 100 microseconds interrupts system calls at any point.
class tst_stress_signals : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void dataIsNotLostOrDoubled();
    void connectingAndAcceptingGoesOn();
};

namespace
{
volatile sig_atomic_t interruptions = 0;

void countSignal(int)
{
    interruptions = interruptions + 1;
}

class Storm
{
public:
    Storm()
    {
        interruptions = 0;
        struct sigaction action = {};
        action.sa_handler = countSignal; // without SA_RESTART
        ::sigaction(SIGALRM, &action, &m_before);
        const itimerval often = {{0, 100}, {0, 100}};
        ::setitimer(ITIMER_REAL, &often, nullptr);
    }
    ~Storm()
    {
        const itimerval never = {};
        ::setitimer(ITIMER_REAL, &never, nullptr);
        ::sigaction(SIGALRM, &m_before, nullptr);
    }
    Q_DISABLE_COPY_MOVE(Storm)

private:
    struct sigaction m_before = {};
};
} // namespace

void tst_stress_signals::dataIsNotLostOrDoubled()
{
    constexpr qint64 Size = 64 * 1024 * 1024;
    auto [first, second] = LocalSocket::pair();
    const Storm storm;
    Duplex one(first.get(), Size, Size, true);
    Duplex other(second.get(), Size, Size, true);
    QTRY_VERIFY_WITH_TIMEOUT(one.isFinished() && other.isFinished(), 40'000);
    QVERIFY(one.isIntact());
    QVERIFY(other.isIntact());
    QCOMPARE(one.sumOfReceived(), other.sumOfSent());
    QCOMPARE(other.sumOfReceived(), one.sumOfSent());
    QVERIFY(interruptions > 0);
}

void tst_stress_signals::connectingAndAcceptingGoesOn()
{
    LocalServer server;
    server.setListenBacklogSize(5); // now and then full
    QVERIFY(server.listen(path()));
    int answered = 0;
    connect(&server, &LocalServer::newConnection, this, [&] {
        LocalSocket *socket = server.nextPendingConnection();
        connect(socket, &LocalSocket::disconnected, socket, &QObject::deleteLater);
        socket->write("hello");
    });
    const Storm storm;
    for (int round = 0; round < 20; ++round) {
        std::vector<std::unique_ptr<LocalSocket>> clients;
        for (int i = 0; i < 25; ++i) {
            LocalSocket *client = clients.emplace_back(std::make_unique<LocalSocket>()).get();
            connect(client, &LocalSocket::readyRead, this, [&answered, client] {
                if (client->bytesAvailable() == 5)
                    ++answered;
            });
            client->connectToServer(path());
        }
        QTRY_COMPARE(answered, (round + 1) * 25);
    }
    QVERIFY(interruptions > 0);
}

QTEST_GUILESS_MAIN(tst_stress_signals)
#include "tst_stress_signals.moc"
