// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "workloads.h"

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/Fifo>
#include <InterprocessQt/FifoReader>
#include <InterprocessQt/FifoWriter>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageServer>
#include <InterprocessQt/Pipe>
#include <InterprocessQt/SignalInfo>
#include <InterprocessQt/SignalWatcher>
#include <InterprocessQt/UnixDatagramSocket>
#include <InterprocessQt/UnixServer>
#include <InterprocessQt/UnixSocket>

#include <QCoreApplication>
#include <QProcess>
#include <QRandomGenerator>
#include <QTimer>

#include <csignal>
#include <fcntl.h>

using namespace InterprocessQt;

Workload::~Workload() = default;

namespace
{

int below(int bound)
{
    return QRandomGenerator::global()->bounded(bound);
}

QByteArray something()
{
    return QByteArray(below(10) == 0 ? below(1'000'000) : 1 + below(2000), char(below(256)));
}

// Clients of a server in processes of their own: some end by themselves, some are killed, and others come in their place.
class Clients : public QObject
{
public:
    Clients(const QString &kind, const QString &path, std::function<void(int)> ended)
        : m_kind(kind)
        , m_path(path)
        , m_ended(std::move(ended))
    {
        for (int i = 0; i < 2; ++i)
            startOne();
        connect(&m_killer, &QTimer::timeout, this, [this] {
            const auto clients = findChildren<QProcess *>();
            if (!clients.isEmpty())
                clients[below(int(clients.size()))]->kill();
        });
        m_killer.start(700);
    }

    ~Clients() override
    {
        const auto clients = findChildren<QProcess *>();
        for (QProcess *const client : clients) {
            client->disconnect(this);
            client->kill();
            client->waitForFinished();
        }
    }

private:
    void startOne()
    {
        auto *const client = new QProcess(this);
        connect(client, &QProcess::finished, this, [this, client](int code, QProcess::ExitStatus status) {
            m_ended(status == QProcess::NormalExit ? code : -1);
            client->deleteLater();
            QTimer::singleShot(20, this, &Clients::startOne);
        });
        client->start(QCoreApplication::applicationFilePath(), {QStringLiteral("--client"), m_kind, m_path, QString::number(1 + below(50))});
    }

    const QString m_kind;
    const QString m_path;
    const std::function<void(int)> m_ended;
    QTimer m_killer;
};

class LocalEcho : public Workload
{
public:
    explicit LocalEcho(const QString &path)
    {
        m_server.setReadBufferSize(256 * 1024);
        if (!m_server.listen(path))
            wrong(m_server.errorString());
        connect(&m_server, &LocalServer::newConnection, this, [this] {
            while (LocalSocket *const socket = m_server.nextPendingConnection()) {
                count("connections");
                const auto answer = [this, socket] {
                    count("bytes", socket->bytesAvailable());
                    socket->write(socket->readAll());
                };
                connect(socket, &LocalSocket::readyRead, this, answer);
                connect(socket, &LocalSocket::disconnected, socket, &QObject::deleteLater);
                answer();
                if (socket->state() == LocalSocket::UnconnectedState)
                    socket->deleteLater();
            }
        });
        m_clients = std::make_unique<Clients>(QStringLiteral("bytes"), path, [this](int code) {
            count(code == -1 ? "clients killed" : "clients");
            if (code == 1)
                wrong(QStringLiteral("a client of the echo got back what it had not sent"));
        });
    }

private:
    LocalServer m_server;
    std::unique_ptr<Clients> m_clients;
};

class MessageEcho : public Workload
{
public:
    MessageEcho(const QString &path, MessageSocket::Transport transport)
        : m_server(transport)
    {
        if (!m_server.listen(path))
            wrong(m_server.errorString());
        connect(&m_server, &MessageServer::newConnection, this, [this] {
            while (MessageSocket *const socket = m_server.nextPendingConnection()) {
                connect(socket, &MessageSocket::messageReceived, this, [this, socket](const QByteArray &message) {
                    count("messages");
                    socket->send(message);
                });
                connect(socket, &MessageSocket::disconnected, socket, &QObject::deleteLater);
                if (socket->state() == LocalSocket::UnconnectedState)
                    socket->deleteLater();
            }
        });
        const QString kind = transport == MessageSocket::Transport::Packets ? QStringLiteral("packets") : QStringLiteral("frames");
        m_clients = std::make_unique<Clients>(kind, path, [this](int code) {
            count(code == -1 ? "clients killed" : "clients");
            if (code == 1)
                wrong(QStringLiteral("a client got back a message that it had not sent"));
        });
    }

private:
    MessageServer m_server;
    std::unique_ptr<Clients> m_clients;
};

// Descriptors go to a server and are closed there; each connection lives for a moment.
class Descriptors : public Workload
{
public:
    explicit Descriptors(const QString &path)
        : m_path(path)
    {
        m_server.setMaximumDescriptors(16);
        if (!m_server.listen(path))
            wrong(m_server.errorString());
        connect(&m_server, &UnixServer::newConnection, this, [this] {
            while (UnixSocket *const socket = m_server.nextPendingConnection()) {
                const auto read = [this, socket] {
                    while (const auto unit = socket->receive())
                        count("descriptors", qint64(unit->descriptors().size()));
                };
                connect(socket, &UnixSocket::readyRead, this, read);
                connect(socket, &UnixSocket::disconnected, socket, &QObject::deleteLater);
                read();
                if (socket->state() == LocalSocket::UnconnectedState)
                    socket->deleteLater();
            }
        });
        connect(&m_timer, &QTimer::timeout, this, &Descriptors::send);
        m_timer.start(30);
    }

private:
    void send()
    {
        auto *const client = new UnixSocket(this);
        connect(client, &UnixSocket::disconnected, client, &QObject::deleteLater);
        connect(client, &UnixSocket::errorOccurred, client, &QObject::deleteLater);
        client->connectToServer(m_path);
        const FileDescriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        for (int i = below(5); i >= 0; --i) {
            UnixMessage message(something());
            for (int j = below(8); j >= 0; --j)
                message.addDescriptor(file.duplicate());
            client->send(std::move(message));
        }
        if (below(5) == 0)
            client->abort(), client->deleteLater();
        else
            client->disconnectFromServer();
    }

    const QString m_path;
    UnixServer m_server;
    QTimer m_timer;
};

class Datagrams : public Workload
{
public:
    explicit Datagrams(const QString &path)
        : m_path(path)
    {
        if (!m_receiver.bind(path))
            wrong(m_receiver.errorString());
        connect(&m_receiver, &UnixDatagramSocket::readyRead, this, [this] {
            while (m_receiver.receive())
                count("datagrams");
        });
        connect(&m_timer, &QTimer::timeout, this, [this] {
            if (below(50) == 0) // there and gone
                m_sender.close();
            for (int i = 0; i < 20 && !m_sender.isCongested(); ++i)
                m_sender.sendTo(QByteArray(below(8000), 'd'), m_path);
        });
        m_timer.start(10);
    }

private:
    const QString m_path;
    UnixDatagramSocket m_receiver;
    UnixDatagramSocket m_sender;
    QTimer m_timer;
};

// A pipe, or a FIFO, is made, used and given up, again and again.
class Streams : public Workload
{
public:
    explicit Streams(const QString &fifoPath)
        : m_path(fifoPath)
    {
        connect(&m_timer, &QTimer::timeout, this, [this] {
            throughAPipe();
            throughAFifo();
        });
        m_timer.start(50);
    }

private:
    void throughAPipe()
    {
        Pipe pipe = Pipe::create();
        PipeReader *const reader = pipe.reader.release();
        PipeWriter *const writer = pipe.writer.release();
        reader->setParent(this);
        writer->setParent(reader);
        follow(reader, "pipes", something(), *writer);
    }

    void throughAFifo()
    {
        if (m_fifo.isValid())
            return; // the last one is still in use
        m_fifo = Fifo::create(m_path);
        auto *const reader = new FifoReader(this);
        auto *const writer = new FifoWriter(reader);
        if (!m_fifo.isValid() || !reader->open(m_path) || !writer->open(m_path)) {
            wrong(QStringLiteral("FIFO: %1 %2 %3").arg(m_fifo.errorString(), reader->errorString(), writer->errorString()));
            delete reader;
            return;
        }
        connect(reader, &QObject::destroyed, this, [this] {
            m_fifo = Fifo();
        });
        follow(reader, "FIFOs", something(), *writer);
    }

    void follow(PipeReader *reader, const char *what, const QByteArray &data, PipeWriter &writer)
    {
        auto received = std::make_shared<QByteArray>();
        connect(reader, &PipeReader::readyRead, this, [reader, received] {
            *received += reader->readAll();
        });
        connect(reader, &PipeReader::readChannelFinished, this, [=, this] {
            *received += reader->readAll();
            if (*received != data)
                wrong(QStringLiteral("%1: %2 bytes instead of %3").arg(QLatin1String(what)).arg(received->size()).arg(data.size()));
            count(what);
            reader->deleteLater();
        });
        writer.write(data);
        writer.close();
    }

    const QString m_path;
    Fifo m_fifo;
    QTimer m_timer;
};

class Signals : public Workload
{
public:
    Signals()
    {
        connect(&m_watcher, &SignalWatcher::received, this, [this](const SignalInfo &) {
            count("signals");
        });
        m_watcher.watch(SIGUSR1);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            const int queued = SignalWatcher::realTimeMinimum() + 2;
            if (below(20) == 0)
                m_watcher.isWatching(queued) ? m_watcher.unwatch(queued) : m_watcher.watch(queued);
            SignalWatcher::send(QCoreApplication::applicationPid(), SIGUSR1);
            if (m_watcher.isWatching(queued))
                SignalWatcher::sendQueued(QCoreApplication::applicationPid(), queued, below(100));
        });
        m_timer.start(20);
    }

private:
    SignalWatcher m_watcher;
    QTimer m_timer;
};

class Children : public Workload
{
public:
    Children()
    {
        connect(&m_timer, &QTimer::timeout, this, &Children::start);
        m_timer.start(500);
    }

    ~Children() override
    {
        const auto children = findChildren<QProcess *>();
        for (QProcess *const child : children) {
            child->disconnect(this);
            child->kill();
            child->waitForFinished();
        }
    }

private:
    void start()
    {
        Pipe toChild = Pipe::create();
        Pipe fromChild = Pipe::create();
        auto *const child = new QProcess(this);
        ChildHandles handles;
        const auto input = handles.add(toChild.reader.get(), QStringLiteral("input"));
        const auto output = handles.add(fromChild.writer.get(), QStringLiteral("output"));
        handles.attachTo(child);
        connect(child, &QProcess::finished, this, [this, child] {
            count("children");
            child->deleteLater();
        });
        PipeReader *const reader = fromChild.reader.release();
        PipeWriter *const writer = toChild.writer.release();
        reader->setParent(child);
        writer->setParent(child);
        child->start(QStringLiteral("sh"), {QStringLiteral("-c"), QStringLiteral("cat < /dev/fd/%1 > /dev/fd/%2").arg(input).arg(output)});
        const QByteArray data = something();
        auto received = std::make_shared<QByteArray>();
        connect(reader, &PipeReader::readyRead, this, [reader, received] {
            *received += reader->readAll();
        });
        connect(reader, &PipeReader::readChannelFinished, this, [=, this] {
            if (*received != data)
                wrong(QStringLiteral("a child copied %1 bytes of %2").arg(received->size()).arg(data.size()));
        });
        writer->write(data);
        writer->close();
    }

    QTimer m_timer;
};

} // namespace

std::vector<std::unique_ptr<Workload>> Workload::all(const QString &folder)
{
    std::vector<std::unique_ptr<Workload>> workloads;
    workloads.push_back(std::make_unique<LocalEcho>(folder + QLatin1String("/bytes")));
    workloads.push_back(std::make_unique<MessageEcho>(folder + QLatin1String("/packets"), MessageSocket::Transport::Packets));
    workloads.push_back(std::make_unique<MessageEcho>(folder + QLatin1String("/frames"), MessageSocket::Transport::Stream));
    workloads.push_back(std::make_unique<Descriptors>(folder + QLatin1String("/descriptors")));
    workloads.push_back(std::make_unique<Datagrams>(folder + QLatin1String("/datagrams")));
    workloads.push_back(std::make_unique<Streams>(folder + QLatin1String("/fifo")));
    workloads.push_back(std::make_unique<Signals>());
    workloads.push_back(std::make_unique<Children>());
    return workloads;
}
