// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageServer>
#include <InterprocessQt/UnixServer>
#include <InterprocessQt/UnixSocket>

#include <QFile>
#include <QTimer>

#include <memory>
#include <sys/stat.h>
#include <unistd.h>

using namespace InterprocessQt;

/*
 * Several processes attack a server at once, as another user where the test may start them so. What the server uses stays
 * within its limits, and an honest client gets all its answers meanwhile: how long it has to wait is printed.
 */
class tst_hostile_peers : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void attacks_data();
    void attacks();
    void whoIsRefusedComesAgainAndAgain();
};

namespace
{

// The limits that a service for others is told to set, see the page about security.
constexpr qint64 Limit = 64 * 1024;
constexpr int MostConnections = 600;
constexpr int MostDescriptors = 16;
constexpr int Attackers = 2;
constexpr int Nobody = 65534;

enum class Kind {
    Bytes,
    Packets,
    Frames,
    Descriptors,
};

// An echo of each kind.
class Service : public QObject
{
public:
    virtual int connections() const = 0;
    virtual bool listen(const QString &path) = 0;
    virtual QString problem() const = 0;
    int refused = 0;
};

template<typename Server, typename Socket>
class ByteService : public Service
{
public:
    ByteService()
    {
        server.setSocketOptions(LocalServer::WorldAccessOption);
        server.setReadBufferSize(Limit);
        server.setWriteBufferLimit(Limit);
        server.setPeerPolicy([this](const PeerCredentials &) {
            const bool welcome = connections() < MostConnections;
            refused += welcome ? 0 : 1;
            return welcome;
        });
        if constexpr (std::is_same_v<Server, UnixServer>)
            server.setMaximumDescriptors(MostDescriptors);
        QObject::connect(&server, &LocalServer::newConnection, this, [this] {
            while (Socket *const socket = server.nextPendingConnection())
                serve(socket);
        });
    }

    int connections() const override
    {
        return int(server.template findChildren<Socket *>().size());
    }
    bool listen(const QString &path) override
    {
        return server.listen(path);
    }
    QString problem() const override
    {
        return server.errorString();
    }

private:
    void serve(Socket *socket)
    {
        const auto answer = [socket] {
            if constexpr (std::is_same_v<Server, UnixServer>) {
                while (const auto unit = socket->receive()) // whatever came with it is closed here
                    socket->write(unit->data());
            } else {
                // As much as there is room for the answer to. The rest stays where it is, and the peer feels it.
                while (socket->bytesAvailable() > 0 && socket->bytesToWrite() < Limit)
                    socket->write(socket->read(Limit - socket->bytesToWrite()));
            }
        };
        connect(socket, &Socket::readyRead, socket, answer);
        connect(socket, &Socket::bytesWritten, socket, answer);
        // Who does not take what was written gets no more.
        connect(socket, &Socket::errorOccurred, socket, &Socket::abort);
        connect(socket, &Socket::disconnected, socket, &QObject::deleteLater);
        answer();
        if (socket->state() == LocalSocket::UnconnectedState)
            socket->deleteLater();
    }

    Server server;
};

class MessageService : public Service
{
public:
    explicit MessageService(MessageSocket::Transport transport)
        : server(transport)
    {
        server.setSocketOptions(LocalServer::WorldAccessOption);
        server.setReadBufferSize(Limit);
        server.setWriteBufferLimit(Limit);
        server.setMaximumMessageSize(Limit / 2);
        server.setPeerPolicy([this](const PeerCredentials &) {
            const bool welcome = connections() < MostConnections;
            refused += welcome ? 0 : 1;
            return welcome;
        });
        connect(&server, &MessageServer::newConnection, this, [this] {
            while (MessageSocket *const socket = server.nextPendingConnection())
                serve(socket);
        });
    }

    int connections() const override
    {
        return int(sockets.size());
    }
    bool listen(const QString &path) override
    {
        return server.listen(path);
    }
    QString problem() const override
    {
        return server.errorString();
    }

private:
    void serve(MessageSocket *socket)
    {
        sockets.insert(socket);
        socket->setAutomaticDelivery(false);
        const auto answer = [socket] {
            // Where there is no room for an answer the question is left where it is.
            while (!socket->isCongested() && socket->bytesToWrite() <= Limit / 2 && socket->hasPendingMessages())
                socket->send(*socket->receive());
        };
        connect(socket, &MessageSocket::messagesPending, socket, answer);
        connect(socket, &MessageSocket::bytesWritten, socket, answer);
        connect(socket, &MessageSocket::congestedChanged, socket, answer);
        connect(socket, &QObject::destroyed, this, [this, socket] {
            sockets.remove(socket);
        });
        connect(socket, &MessageSocket::errorOccurred, socket, &MessageSocket::abort);
        connect(socket, &MessageSocket::disconnected, socket, &QObject::deleteLater);
        answer();
        if (socket->state() == LocalSocket::UnconnectedState)
            socket->deleteLater();
    }

    QSet<QObject *> sockets;
    MessageServer server;
};

std::unique_ptr<Service> makeService(Kind kind)
{
    switch (kind) {
    case Kind::Bytes:
        return std::make_unique<ByteService<LocalServer, LocalSocket>>();
    case Kind::Packets:
        return std::make_unique<MessageService>(MessageSocket::Transport::Packets);
    case Kind::Frames:
        return std::make_unique<MessageService>(MessageSocket::Transport::Stream);
    case Kind::Descriptors:
        return std::make_unique<ByteService<UnixServer, UnixSocket>>();
    }
    return {};
}

// As an application runs: QTest's own waits sleep between two looks, for longer than answers take.
template<typename Condition>
bool runUntil(const Condition &condition, int msecs = 30'000)
{
    QTimer limit;
    limit.setSingleShot(true);
    limit.start(msecs);
    while (!condition()) {
        if (!limit.isActive())
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    return true;
}

bool hasEnded(PeerProcess &process)
{
    const bool ended = runUntil(
        [&] {
            return process.process().state() == QProcess::NotRunning;
        },
        60'000);
    return ended && process.waitForExit(0) == 0;
}

// Of this process, in bytes.
qint64 residentMemory()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    return file.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE);
}

constexpr bool isSanitized()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

// root can be somebody else, nobody else can.
int somebodyElse()
{
    return geteuid() == 0 ? Nobody : 0;
}

} // namespace

void tst_hostile_peers::attacks_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("attack");
    QTest::addColumn<int>("count");
    const struct {
        const char *attack;
        int count;
    } attacks[] = {{"silent", 200}, {"drip", 50}, {"garbage", 20}, {"length", 20}, {"flood", 20}, {"connects", 5000}, {"descriptors", 10}};
    const struct {
        const char *name;
        Kind kind;
    } kinds[] = {{"bytes", Kind::Bytes}, {"packets", Kind::Packets}, {"frames", Kind::Frames}, {"descriptors", Kind::Descriptors}};
    for (const auto &kind : kinds) {
        for (const auto &attack : attacks)
            QTest::addRow("%s: %s", kind.name, attack.attack) << kind.kind << attack.attack << attack.count;
    }
}

void tst_hostile_peers::attacks()
{
    QFETCH(Kind, kind);
    QFETCH(QString, attack);
    QFETCH(int, count);
    ::chmod(QFile::encodeName(directory()).constData(), 0711);
    const auto service = makeService(kind);
    QVERIFY2(service->listen(path()), qPrintable(service->problem()));
    const QString type = kind == Kind::Packets ? "packets" : "stream";
    const auto honest = [&](int questions, QString *times) {
        PeerProcess client;
        if (!client.start("peer_hostile", {"0", type, "honest", path(), QString::number(questions)}))
            return false;
        const bool answered = hasEnded(client);
        *times = answered ? client.readLine(0) : client.errors();
        return answered;
    };
    QString alone;
    QVERIFY(honest(1000, &alone));
    const qint64 memory = residentMemory();
    const int open = int(openDescriptors().size());

    std::vector<std::unique_ptr<PeerProcess>> attackers;
    for (int i = 0; i < Attackers; ++i) {
        attackers.push_back(std::make_unique<PeerProcess>());
        const int user = i == 0 ? somebodyElse() : 0;
        QVERIFY(attackers.back()->start("peer_hostile", {QString::number(user), type, attack, path(), QString::number(count)}));
        QVERIFY(attackers.back()->waitForLine("attacking", 30'000));
    }
    QString meanwhile;
    QVERIFY(honest(1000, &meanwhile));
    if (attack == "connects") {
        for (const auto &attacker : attackers)
            QVERIFY(hasEnded(*attacker));
    }

    // The most that the limits allow: each connection is full in both directions, and has the descriptors that it may.
    const int connections = service->connections();
    const qint64 grown = residentMemory() - memory;
    const int opened = int(openDescriptors().size()) - open;
    qInfo("alone: %s", qPrintable(alone));
    qInfo("meanwhile: %s", qPrintable(meanwhile));
    qInfo("%d connections, %lld KiB, %d descriptors more; %d refused", connections, static_cast<long long>(grown / 1024), opened, service->refused);
    QVERIFY(connections <= MostConnections);
    if (!isSanitized()) // which keep what was freed for a while
        QVERIFY(grown < connections * (2 * Limit + 16 * 1024) + 16 * 1024 * 1024);
    // And what is about to be told that it is gone, and the attackers' standard streams.
    QVERIFY(opened <= connections * (kind == Kind::Descriptors ? 1 + MostDescriptors : 1) + 60 + Attackers * 5);

    attackers.clear();
    runUntil([&] {
        return service->connections() == 0;
    });
    QCOMPARE(service->connections(), 0);
    QString afterwards;
    QVERIFY(honest(100, &afterwards));
}

// Of another user, whom the server does not want.
void tst_hostile_peers::whoIsRefusedComesAgainAndAgain()
{
    if (somebodyElse() == 0)
        QSKIP("only root can start a process of another user");
    if (!isSupported(Feature::AbstractNames))
        QSKIP("there are no names without a file here, and a file is not even found by whom it is closed to");
    const QString name = abstractName();
    LocalServer server;
    server.setPeerPolicy(LocalServer::PeerPolicy::SameUser);
    QSignalSpy refused(&server, &LocalServer::peerRejected);
    QSignalSpy accepted(&server, &LocalServer::newConnection);
    QVERIFY(server.listen(Address::namespaced(name)));
    const int open = int(openDescriptors().size());
    PeerProcess attacker;
    QVERIFY(attacker.start("peer_hostile", {QString::number(Nobody), "stream", "connects", "@" + name, "10000"}));
    QVERIFY(attacker.waitForLine("attacking"));
    int most = 0;
    int looks = 0;
    QVERIFY(runUntil([&] {
        if (++looks % 100 == 0)
            most = qMax(most, int(openDescriptors().size()));
        return refused.count() == 10'000;
    }));
    QCOMPARE(accepted.count(), 0);
    for (const auto &each : refused)
        QCOMPARE(*each.at(0).value<PeerCredentials>().userId(), quint32(Nobody));
    qInfo("at most %d descriptors more", most - open);
    QVERIFY(most - open < 20);

    // Whom it wants still gets in.
    LocalSocket client;
    client.connectToServer(Address::namespaced(name));
    QTRY_COMPARE(accepted.count(), 1);
}

QTEST_GUILESS_MAIN(tst_hostile_peers)

#include "tst_hostile_peers.moc"
