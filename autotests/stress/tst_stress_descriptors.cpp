// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QFile>

#include <cerrno>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace InterprocessQt;

class tst_stress_descriptors : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aFullTableIsAClearError();
    void aPairFromAFullTableSaysSo();
    void manySocketsInASmallTableComeAndGo();
    void aForkedChildLeavesItsParentsConnectionsAlone();
};

namespace
{
// While it exists the process gets no more descriptors than it has, plus some.
class FullTable
{
public:
    explicit FullTable(int spare = 0)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        const int next = ::fcntl(0, F_DUPFD, 0); // the lowest that is free
        ::close(next);
        const rlimit limit = {rlim_t(next + spare), m_before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~FullTable()
    {
        ::setrlimit(RLIMIT_NOFILE, &m_before);
    }
    Q_DISABLE_COPY_MOVE(FullTable)

private:
    rlimit m_before = {};
};

// UndefinedBehaviorSanitizer asks the kernel whether an object's memory may be read, and needs descriptors to ask.
#ifdef __SANITIZE_ADDRESS__
#define SKIP_IF_SANITIZED() QSKIP("the sanitizer itself does not work with a full table of descriptors")
#else
#define SKIP_IF_SANITIZED()
#endif
} // namespace

void tst_stress_descriptors::aFullTableIsAClearError()
{
    SKIP_IF_SANITIZED();
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket socket;
    QSignalSpy errors(&socket, &LocalSocket::errorOccurred);
    {
        const FullTable full;
        socket.connectToServer(path());
        QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
        QCOMPARE(socket.error(), LocalSocket::SocketResourceError);
        QCOMPARE(socket.nativeError(), EMFILE);
        QVERIFY(errors.isEmpty()); // not from inside the call
        QVERIFY(!socket.waitForConnected(0));
        QCOMPARE(errors.size(), 1);
        QVERIFY2(socket.errorString().contains(path()), qPrintable(socket.errorString()));
    }
    // The same object works again when there is room.
    socket.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
}

void tst_stress_descriptors::aPairFromAFullTableSaysSo()
{
    SKIP_IF_SANITIZED();
    const FullTable full(1); // room for one of the two
    const auto pair = LocalSocket::pair();
    QVERIFY(pair.first);
    QVERIFY(pair.second);
    QCOMPARE(pair.first->state(), LocalSocket::UnconnectedState);
    QCOMPARE(pair.first->error(), LocalSocket::SocketResourceError);
    QCOMPARE(pair.second->error(), LocalSocket::SocketResourceError);
}

void tst_stress_descriptors::manySocketsInASmallTableComeAndGo()
{
    SKIP_IF_SANITIZED();
    LocalServer server;
    QVERIFY(server.listen(path()));
    connect(&server, &LocalServer::newConnection, this, [&] {
        LocalSocket *socket = server.nextPendingConnection();
        connect(socket, &LocalSocket::disconnected, socket, &QObject::deleteLater);
        socket->write("hello");
    });
    QCoreApplication::processEvents();
    const FullTable nearlyFull(12); // the epoll set, and room for a few connections
    int served = 0;
    int refused = 0;
    std::vector<std::unique_ptr<LocalSocket>> clients;
    for (int round = 0; round < 300; ++round) {
        auto client = std::make_unique<LocalSocket>();
        client->connectToServer(path());
        if (client->state() == LocalSocket::UnconnectedState) {
            QCOMPARE(client->error(), LocalSocket::SocketResourceError);
            ++refused;
            // They have left no room for the other ends. Most of them go; then the server serves those who stayed.
            clients.resize(clients.size() / 3);
            for (const auto &waiting : clients) {
                QTRY_COMPARE(waiting->bytesAvailable(), 5);
                ++served;
            }
            clients.clear();
            continue;
        }
        clients.push_back(std::move(client));
    }
    QVERIFY(refused > 5);
    QVERIFY(served > 5);
    clients.clear();
}

void tst_stress_descriptors::aForkedChildLeavesItsParentsConnectionsAlone()
{
    // Few or many: with a notifier each, or behind the epoll set that parent and child share.
    for (const int count : {2, 40}) {
        auto server = std::make_unique<LocalServer>();
        const QString name = path("fork");
        QVERIFY(server->listen(name));
        std::vector<std::unique_ptr<LocalSocket>> clients;
        std::vector<std::unique_ptr<LocalSocket>> accepted;
        for (int i = 0; i < count; ++i) {
            LocalSocket *client = clients.emplace_back(std::make_unique<LocalSocket>()).get();
            client->connectToServer(name);
            QTRY_VERIFY(server->hasPendingConnections());
            accepted.emplace_back(server->nextPendingConnection())->setParent(nullptr);
        }
        // Still to be written when the process is doubled: it must not be written twice.
        clients[0]->write("on");
        clients[0]->write("ce");

        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            clients.clear();
            accepted.clear();
            server.reset();
            ::_exit(0);
        }
        int status = -1;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);

        QVERIFY(QFile::exists(name));
        for (size_t i = 1; i < clients.size(); ++i)
            clients[i]->write("hi");
        QTRY_COMPARE(accepted[0]->bytesAvailable(), 4);
        QCOMPARE(accepted[0]->readAll(), "once");
        for (size_t i = 1; i < accepted.size(); ++i) {
            QTRY_COMPARE(accepted[i]->bytesAvailable(), 2);
            accepted[i]->write("back");
            QTRY_COMPARE(clients[i]->bytesAvailable(), 4);
            QCOMPARE(clients[i]->state(), LocalSocket::ConnectedState);
        }
        LocalSocket late;
        late.connectToServer(name);
        QTRY_VERIFY(server->hasPendingConnections());
        QCOMPARE(accepted[0]->bytesAvailable(), 0);
    }
}

QTEST_GUILESS_MAIN(tst_stress_descriptors)
#include "tst_stress_descriptors.moc"
