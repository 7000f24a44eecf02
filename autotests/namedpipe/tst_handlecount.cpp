// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"
#include "turns.h"

#include <InterprocessQt/ImpersonationGuard>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageServer>
#include <InterprocessQt/MessageSocket>
#include <InterprocessQt/Pipe>
#include <InterprocessQt/PipeReader>
#include <InterprocessQt/PipeWriter>

#include <functional>

using namespace Pipes;
using namespace InterprocessQt;

// Whatever is done, and whether it works or not: afterwards the process has as many handles as before, of every kind.
class tst_handlecount : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void doesNotGrow_data();
    void doesNotGrow();

private:
    [[nodiscard]] bool doOnce(const QString &what);
};

void tst_handlecount::doesNotGrow_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"a pair",
                             "a connection",
                             "a connection that is aborted while it is written to",
                             "messages over a pipe",
                             "MessageSocket",
                             "Pipe",
                             "a client that finds nobody",
                             "a client that waits for room",
                             "a client that waits as long as the server says",
                             "another computer",
                             "a server that leaves",
                             "a name that is taken",
                             "a security descriptor",
                             "a flush",
                             "a flush that is given up",
                             "a handle that is released",
                             "a handle that is refused",
                             "who the peer is",
                             "acting as the client"})
        QTest::newRow(what) << QString::fromLatin1(what);
}

bool tst_handlecount::doOnce(const QString &what)
{
    const QString name = abstractName();
    const auto connected = [&name](Ends &ends) {
        return ends.connect(name);
    };
    if (what == "a pair") {
        auto [one, other] = LocalSocket::pair();
        one->write("x");
        return other->waitForReadyRead(5000);
    }
    if (what == "a connection" || what.startsWith("a connection that is aborted")) {
        LocalServer server;
        if (!server.listen(name))
            return false;
        LocalSocket client;
        client.connectToServer(name);
        if (!server.waitForNewConnection(5000))
            return false;
        LocalSocket *const accepted = server.nextPendingConnection();
        if (what == "a connection") {
            client.write("x");
            return accepted->waitForReadyRead(5000);
        }
        accepted->setReadBufferSize(1);
        client.write(QByteArray(1'000'000, 'x'));
        runTurns(3);
        client.abort();
        return true;
    }
    if (what == "messages over a pipe") {
        Ends ends;
        return connected(ends) && ends.client.send("x") && ends.accepted->waitForMessage(5000);
    }
    if (what == "MessageSocket") {
        MessageServer server(MessageServer::Transport::Packets);
        if (!server.listen(Address::namespaced(name)))
            return false;
        MessageSocket client(MessageSocket::Transport::Packets);
        client.connectToServer(Address::namespaced(name));
        return server.waitForNewConnection(5000);
    }
    if (what == "Pipe") {
        const Pipe pipe = Pipe::create();
        return pipe.reader->isOpen() && pipe.writer->write("x") == 1 && pipe.reader->waitForReadyRead(5000);
    }
    if (what == "a client that finds nobody") {
        LocalSocket client;
        client.connectToServer(name);
        return !client.waitForConnected(5000);
    }
    if (what.startsWith("a client that waits")) {
        Ends ends;
        ends.server.setWaitTimeout(NamedPipeServer::WaitForever);
        if (!ends.server.setMaximumInstances(1) || !connected(ends))
            return false;
        NamedPipe second;
        setModes(second, Mode::Messages, Mode::Messages);
        second.setServerTimeoutUsed(what.endsWith("says"));
        second.connectToServer(name);
        return !second.waitForConnected(10);
    }
    if (what == "another computer") {
        NamedPipe client;
        client.connectToHost("computer.invalid", name);
        runTurns(2);
        return client.state() != NamedPipe::ConnectedState;
    }
    if (what == "a server that leaves") {
        LocalServer server;
        return server.listen(name);
    }
    if (what == "a name that is taken") {
        LocalServer server;
        LocalServer second;
        return server.listen(name) && !second.listen(name);
    }
    if (what == "a security descriptor") {
        Ends ends;
        ends.server.setSecurityDescriptor(SecurityDescriptor::ownerOnly());
        return connected(ends) && SecurityDescriptor::fromHandle(ends.client.socketDescriptor()).isValid()
            && !SecurityDescriptor::fromSddl("nonsense").isValid();
    }
    if (what.startsWith("a flush")) {
        Ends ends;
        if (!connected(ends) || !ends.accepted->send("x") || !ends.accepted->flushToPeer())
            return false;
        if (what != "a flush")
            return true;
        QSignalSpy flushed(ends.accepted.get(), &NamedPipe::flushedToPeer);
        return ends.client.waitForMessage(5000) && (!flushed.isEmpty() || flushed.wait());
    }
    if (what == "a handle that is released") {
        Ends ends;
        return connected(ends) && ends.accepted->releaseHandle().isValid();
    }
    if (what == "a handle that is refused") {
        const NativeHandle server = rawServer(name, PIPE_TYPE_BYTE);
        const NativeHandle client = rawClient(name);
        LocalSocket socket;
        return !socket.setSocketDescriptor(client.get());
    }
    Ends ends;
    if (!connected(ends) || !ends.client.send("x") || !ends.accepted->waitForMessage(5000))
        return false;
    if (what == "who the peer is")
        return ends.accepted->peerCredentials().isSameUser() && ends.client.openPeerProcess();
    return ends.accepted->receive() && ImpersonationGuard(*ends.accepted).isActive();
}

void tst_handlecount::doesNotGrow()
{
    QFETCH(QString, what);
    constexpr int Rounds = 20;
    // Threads that look for other computers, wait and flush end in their own time, and those of the system's pools come and go.
    const auto count = [] {
        return int(openDescriptors().size());
    };
    const auto doOften = [&] {
        for (int round = 0; round < Rounds; ++round) {
            if (!doOnce(what))
                return false;
            runTurns(2);
        }
        return true;
    };
    QVERIFY(doOften()); // what is made once and kept
    const int before = count();
    QVERIFY(doOften());
    QTRY_VERIFY2(count() < before + Rounds / 2, qPrintable(QStringLiteral("%1 handles, %2 before").arg(count()).arg(before)));
}

QTEST_GUILESS_MAIN(tst_handlecount)
#include "tst_handlecount.moc"
