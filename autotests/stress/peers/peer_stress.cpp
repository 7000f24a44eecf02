// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../descriptorlimit.h"
#include "../duplex.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>

#include <cstdio>
#include <limits>
#include <memory>
#include <vector>

using namespace InterprocessQt;

/*
 * The other side of the stress tests:
 *
 *   talk <name> <connections> <messages>   connects so often, then all ask so many questions and check the echo
 *   pour <name> <bytes>                    sends so many bytes, and receives as many at the same time
 *   write|read <name>                      as a client, for ever
 *   serve-write|serve-read <name>          the same as a server
 */

namespace
{
constexpr qint64 Endless = std::numeric_limits<qint64>::max();

void say(const QByteArray &line)
{
    std::printf("%s\n", line.constData());
    std::fflush(stdout);
}

int fail(const QString &reason)
{
    std::fprintf(stderr, "%s\n", qPrintable(reason));
    return 1;
}

// Many connections that ask and wait for the answer, all at the same time.
class Talk : public QObject
{
public:
    Talk(const QString &name, int connections, int messages)
        : m_messages(messages)
    {
        raiseDescriptorLimit();
        for (int i = 0; i < connections; ++i) {
            auto *socket = m_sockets.emplace_back(std::make_unique<LocalSocket>()).get();
            connect(socket, &LocalSocket::connected, this, [this, connections] {
                if (++m_connected < connections)
                    return;
                say("connected");
                for (size_t j = 0; j < m_sockets.size(); ++j)
                    ask(j, 0);
            });
            connect(socket, &LocalSocket::errorOccurred, this, [socket] {
                QCoreApplication::exit(fail(socket->errorString()));
            });
            socket->setConnectTimeout(120'000);
            socket->connectToServer(name);
        }
    }

private:
    static QByteArray question(size_t who, int message)
    {
        return QByteArray::number(qulonglong(who)) + ' ' + QByteArray(1 + message * 997 % 5000, char('a' + message % 26)) + '\n';
    }
    void ask(size_t who, int message)
    {
        if (message == m_messages) {
            if (++m_finished == m_sockets.size()) {
                say("finished");
                QCoreApplication::quit();
            }
            return;
        }
        LocalSocket *socket = m_sockets[who].get();
        socket->disconnect(SIGNAL(readyRead()));
        connect(socket, &LocalSocket::readyRead, this, [this, socket, who, message] {
            if (!socket->canReadLine())
                return;
            if (socket->readLine() != question(who, message) || socket->bytesAvailable() != 0)
                QCoreApplication::exit(fail(QStringLiteral("a wrong answer")));
            else
                ask(who, message + 1);
        });
        socket->write(question(who, message));
    }

    std::vector<std::unique_ptr<LocalSocket>> m_sockets;
    int m_messages;
    int m_connected = 0;
    size_t m_finished = 0;
};

int pour(const QString &name, qint64 bytes)
{
    LocalSocket socket;
    socket.connectToServer(name);
    Duplex duplex(&socket, bytes, bytes, true);
    const auto finish = [&] {
        if (!duplex.isFinished() || socket.bytesToWrite() > 0)
            return;
        say((duplex.isIntact() ? "intact " : "damaged ") + duplex.sumOfSent() + ' ' + duplex.sumOfReceived());
        QCoreApplication::quit();
    };
    // After the slots of the one that counts.
    QObject::connect(&socket, &LocalSocket::readyRead, &socket, finish);
    QObject::connect(&socket, &LocalSocket::bytesWritten, &socket, finish);
    QObject::connect(&socket, &LocalSocket::errorOccurred, &socket, [&] {
        QCoreApplication::exit(fail(socket.errorString()));
    });
    return QCoreApplication::exec();
}

// Says so once the first bytes have gone either way, and never ends.
void workForEver(LocalSocket *socket, bool writes)
{
    auto *duplex = new Duplex(socket, writes ? Endless : 0, Endless);
    duplex->setParent(socket);
    auto once = std::make_shared<bool>(false);
    const auto tell = [once, writes] {
        if (!std::exchange(*once, true))
            say(writes ? "writing" : "reading");
    };
    if (writes)
        QObject::connect(socket, &LocalSocket::bytesWritten, socket, tell);
    else
        QObject::connect(socket, &LocalSocket::readyRead, socket, tell);
}
} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QString verb = arguments.value(1);
    const QString name = arguments.value(2);

    if (verb == QLatin1String("talk")) {
        const Talk talk(name, arguments.value(3).toInt(), arguments.value(4).toInt());
        return QCoreApplication::exec();
    }
    if (verb == QLatin1String("pour"))
        return pour(name, arguments.value(3).toLongLong());

    const bool writes = verb.endsWith(QLatin1String("write"));
    if (verb.startsWith(QLatin1String("serve"))) {
        LocalServer server;
        QObject::connect(&server, &LocalServer::newConnection, &server, [&] {
            workForEver(server.nextPendingConnection(), writes);
        });
        if (!server.listen(name))
            return fail(server.errorString());
        say("listening");
        return QCoreApplication::exec();
    }
    LocalSocket socket;
    socket.connectToServer(name);
    workForEver(&socket, writes);
    return QCoreApplication::exec();
}
