// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_QTBACKEND_H
#define BENCH_QTBACKEND_H

#include "application.h"
#include "backend.h"

#include <algorithm>

namespace Bench
{

/*
 * A program on Qt's event loop, as a user writes it. The API is that of QLocalSocket and QLocalServer, so one text does
 * for both. A Traits class names the two types, and says how to take messages from a socket, and everything there is:
 *     forEachMessage(Socket &, int size, handle)
 *     qint64 drain(Socket &)
 */
template<typename Traits>
class QtBackend : public Backend
{
    using Server = typename Traits::Server;
    using Socket = typename Traits::Socket;

public:
    void serve(const Job &job, Probe &probe) override
    {
        const Application app;
        Server server;
        ServerScript script(job);
        server.setListenBacklogSize(Job::Backlog);
        if (!server.listen(QString::fromLocal8Bit(job.path)))
            die(qPrintable(server.errorString()));
        QObject::connect(&server, &Server::newConnection, &server, [&] {
            while (Socket *socket = server.nextPendingConnection()) {
                QObject::connect(socket, &Socket::readyRead, socket, [socket, &script] {
                    answer(*socket, script);
                });
                QObject::connect(socket, &Socket::disconnected, socket, &QObject::deleteLater);
                probe.accepted();
            }
        });
        probe.listening();
        QCoreApplication::exec();
    }

    void run(const Job &job, ClientScript &script) override
    {
        const Application app;
        const QString path = QString::fromLocal8Bit(job.path);
        script.begin();
        if (script.isCycle()) {
            connectOnce(path, script);
            QCoreApplication::exec();
            return;
        }
        Socket socket;
        QObject::connect(&socket, &Socket::connected, &socket, [&] {
            script.connected(writerTo(socket));
            if (script.isStream())
                fill(socket, script);
        });
        QObject::connect(&socket, &Socket::readyRead, &socket, [&] {
            takeAnswers(socket, script);
            if (script.isFinished())
                QCoreApplication::quit();
        });
        if (script.isStream()) {
            QObject::connect(&socket, &Socket::bytesWritten, &socket, [&] {
                fill(socket, script);
            });
        }
        QObject::connect(&socket, &Socket::errorOccurred, &socket, [&] {
            die(qPrintable(socket.errorString()));
        });
        socket.connectToServer(path);
        QCoreApplication::exec();
    }

private:
    // A producer pauses when so much waits to be written.
    static constexpr qint64 HighWater = 256 * 1024;
    // And lets the event loop have its turn after so much, even if the socket takes more.
    static constexpr qint64 TurnShare = 1024 * 1024;

    static auto writerTo(Socket &socket)
    {
        return [&socket](const char *data, size_t size) {
            socket.write(data, qint64(size));
        };
    }

    static void answer(Socket &socket, ServerScript &script)
    {
        if (script.isSink()) {
            script.drained(Traits::drain(socket), writerTo(socket));
            return;
        }
        const int size = script.messageSize();
        Traits::forEachMessage(socket, size, [&](const char *message) {
            socket.write(message, size);
        });
    }

    static void takeAnswers(Socket &socket, ClientScript &script)
    {
        Traits::forEachMessage(socket, script.answerSize(), [&](const char *message) {
            script.answer(message, writerTo(socket));
        });
    }

    static void fill(Socket &socket, const ClientScript &script)
    {
        const auto &piece = script.piece();
        for (qint64 share = TurnShare; share > 0 && socket.bytesToWrite() < HighWater; share -= qint64(piece.size()))
            socket.write(piece);
    }

    static void connectOnce(const QString &path, ClientScript &script)
    {
        auto *socket = new Socket;
        QObject::connect(socket, &Socket::connected, socket, [socket, &script] {
            script.connected(writerTo(*socket));
        });
        QObject::connect(socket, &Socket::readyRead, socket, [socket, path, &script] {
            takeAnswers(*socket, script);
            socket->close();
            socket->deleteLater();
            if (script.isFinished())
                QCoreApplication::quit();
            else
                connectOnce(path, script);
        });
        QObject::connect(socket, &Socket::errorOccurred, socket, [socket] {
            die(qPrintable(socket->errorString()));
        });
        socket->connectToServer(path);
    }
};

// Messages taken one by one with read(), as from any QIODevice.
struct ReadByCopy {
    template<typename Socket, typename Handle>
    static void forEachMessage(Socket &socket, int size, Handle &&handle)
    {
        char *message = buffer(size_t(size));
        while (socket.bytesAvailable() >= size) {
            if (socket.read(message, size) != size)
                die("a read was short");
            handle(message);
        }
    }

    template<typename Socket>
    static qint64 drain(Socket &socket)
    {
        constexpr qint64 Share = 64 * 1024;
        qint64 total = 0;
        char *bytes = buffer(Share);
        for (;;) {
            const qint64 got = socket.read(bytes, Share);
            total += std::max<qint64>(0, got);
            if (got < Share)
                return total;
        }
    }

private:
    static char *buffer(size_t size)
    {
        static std::vector<char> bytes;
        if (bytes.size() < size)
            bytes.resize(size);
        return bytes.data();
    }
};

} // namespace Bench

#endif
