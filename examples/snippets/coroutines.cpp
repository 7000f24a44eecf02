// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A client and a server as coroutines, with QCoro; both in this process for once.

//! [whole]
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoroIODevice>
#include <QCoroSignal>
#include <QCoroTask>

#include <QCoreApplication>
#include <QTemporaryDir>

#include <coroutine>
#include <cstdio>

using namespace InterprocessQt;
using namespace std::chrono_literals;

namespace
{

//! [client]
QCoro::Task<QByteArray> ask(Address address, QByteArray question)
{
    LocalSocket socket;
    socket.connectToServer(address);
    // The next state is ConnectedState, or the attempt has failed: either way this goes on.
    if (co_await qCoro(&socket, &LocalSocket::stateChanged) != LocalSocket::ConnectedState)
        co_return "no answer: " + socket.errorString().toUtf8();

    socket.write(question + '\n');
    QByteArray answer;
    while (!answer.endsWith('\n')) {
        const QByteArray piece = co_await qCoro(socket).readLine(0, 5s);
        if (piece.isEmpty()) // nothing has come in that time
            co_return "no answer";
        answer += piece; // perhaps only the beginning of the line
    }
    co_return answer.chopped(1);
}
//! [client]

//! [readable]
// Waits until there is something to read, or the stream has ended.
struct Readable {
    StreamDevice *device;
    QMetaObject::Connection data = {};
    QMetaObject::Connection end = {};

    bool await_ready() const
    {
        return device->bytesAvailable() > 0 || device->isReadChannelFinished();
    }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        data = QObject::connect(device, &QIODevice::readyRead, device, waiting);
        end = QObject::connect(device, &QIODevice::readChannelFinished, device, waiting);
    }
    void await_resume() const
    {
        QObject::disconnect(data);
        QObject::disconnect(end);
    }
};
//! [readable]

//! [server]
QCoro::Task<> talkTo(LocalSocket *client)
{
    QByteArray line;
    while (!client->isReadChannelFinished() || client->bytesAvailable() > 0) {
        co_await Readable{client};
        line += client->readLine();
        if (line.endsWith('\n'))
            client->write("Hello, " + std::exchange(line, {}));
    }
    client->deleteLater();
}

void serve(LocalServer &server)
{
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server] {
        while (LocalSocket *client = server.nextPendingConnection())
            talkTo(client); // until it has to wait; the rest follows from the event loop
    });
}
//! [server]

QCoro::Task<> run(Address address)
{
    std::printf("%s\n", (co_await ask(Address::filePath("/nowhere/at/all"), "World")).constData());
    std::printf("%s\n", (co_await ask(address, "World")).constData());
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir directory;
    LocalServer server;
    if (!server.listen(Address::filePath(directory.filePath("questions"))))
        return 1;
    serve(server);
    run(server.serverAddress());
    // The end, when the server has seen that of its client.
    QObject::connect(&server, &LocalServer::newConnection, &application, [&server] {
        QObject::connect(server.findChild<LocalSocket *>(), &QObject::destroyed, &QCoreApplication::quit);
    });
    return QCoreApplication::exec();
}
//! [whole]
