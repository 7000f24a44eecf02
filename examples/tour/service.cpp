// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "service.h"

#include "console.h"
#include "interrupt.h"
#include "system.h"

#include <QCoreApplication>

#include <chrono>

using namespace InterprocessQt;
using namespace std::chrono_literals;
using protocol::Kind;

namespace
{
// As much as two parts of a file. When we are slower than the client, the kernel stops it after that.
constexpr qint64 ReadBuffer = 2 * protocol::MaximumContent;

constexpr auto LongestWait = 1min;

void tell(const QString &text)
{
    console::say("service", text);
}
} // namespace

// ---- Session

Session::Session(LocalSocket *socket, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
{
    socket->setParent(this); // until now it belonged to the server
    connect(socket, &LocalSocket::readyRead, this, &Session::readMessages);
    connect(socket, &LocalSocket::disconnected, this, [this] {
        Q_EMIT ended(m_saidGoodbye);
    });
}

void Session::readMessages()
{
    protocol::Message message;
    for (;;) {
        auto arrival = protocol::receive(*m_socket, message);
        if (arrival == protocol::Arrival::Nothing)
            return;
        if (arrival == protocol::Arrival::Complete && !handle(message))
            arrival = protocol::Arrival::Garbage;
        if (arrival == protocol::Arrival::Garbage) {
            console::complain("the client does not speak the language of this tour");
            m_socket->abort();
            return;
        }
    }
}

bool Session::handle(const protocol::Message &message)
{
    if (m_greeted == (message.kind == Kind::Hello) || m_saidGoodbye)
        return false;

    switch (message.kind) {
    case Kind::Hello:
        if (message.content != protocol::Greeting)
            return false;
        greet();
        return true;

    case Kind::FilePart:
        // Added to the checksum and forgotten: what has been received is never kept, however large it is.
        m_hash.addData(message.content);
        m_size += quint64(message.content.size());
        return true;
    case Kind::FileEnd:
        tell(QString("received %1 bytes with the SHA-256").arg(console::number(m_size)));
        tell(QString::fromLatin1(m_hash.result().toHex()));
        answer(Kind::FileReceipt, protocol::fromNumber(m_size) + m_hash.result());
        m_hash.reset();
        m_size = 0;
        return true;

    case Kind::BulkPart:
        m_size += quint64(message.content.size());
        return true;
    case Kind::BulkEnd:
        answer(Kind::BulkReceipt, protocol::fromNumber(m_size));
        m_size = 0;
        return true;

    case Kind::Question: {
        const quint64 number = protocol::toNumber(message.content);
        answer(Kind::Answer, protocol::fromNumber(number * number));
        return true;
    }

    case Kind::Goodbye:
        m_saidGoodbye = true;
        tell(QString("goodbye; I never needed more than %1 of memory").arg(console::size(peakMemory())));
        answer(Kind::Goodbye);
        m_socket->disconnectFromServer(); // after all that is still to be written
        return true;

    case Kind::FileReceipt:
    case Kind::BulkReceipt:
    case Kind::Answer:
        break; // only we send these
    }
    return false;
}

void Session::greet()
{
    m_greeted = true;
    tell("the client is " + describe(m_socket->peerCredentials()));
    answer(Kind::Hello, protocol::Greeting);
}

void Session::answer(Kind kind, const QByteArray &content)
{
    m_socket->write(protocol::encoded(kind, content));
}

// ---- Service

Service::Service(End end, QObject *parent)
    : QObject(parent)
    , m_end(end)
{
    m_server.setReadBufferSize(ReadBuffer); // of each socket it accepts
    connect(&m_server, &LocalServer::newConnection, this, &Service::welcomeClient);

    // Whoever wanted to talk to us may have been killed before it came to that.
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [] {
        console::complain("for a minute no client has come, nor a request to end");
        QCoreApplication::exit(1);
    });
}

bool Service::start(const Address &address)
{
    // A name that a crashed server has left behind is taken over, one that is in use never is.
    if (!m_server.listen(address)) {
        console::complain(m_server.errorString());
        return false;
    }
    tell("listening at " + m_server.fullServerName());
    m_patience.start(LongestWait);
    return true;
}

void Service::welcomeClient()
{
    while (LocalSocket *socket = m_server.nextPendingConnection()) {
        m_patience.stop();
        ++m_clients;
        auto *session = new Session(socket, this);
        connect(session, &Session::ended, this, &Service::clientHasGone);
        connect(session, &Session::ended, session, &QObject::deleteLater);
    }
}

void Service::clientHasGone(bool inOrder)
{
    if (!inOrder) {
        m_allInOrder = false;
        // If somebody has pressed Ctrl-C it is gone for the same reason for which we go.
        if (!interrupt::hasCome())
            tell("the client has gone without a goodbye");
    }
    if (--m_clients > 0)
        return;
    if (m_allInOrder && m_end == End::WhenTerminated)
        m_patience.start(LongestWait); // whoever was to tell us may have been killed
    else
        QCoreApplication::exit(exitCode());
}
