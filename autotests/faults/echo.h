// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef ECHO_H
#define ECHO_H

#include "faulttest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

// A client sends something, says that this is all, and reads the same back from an echo, until that says so, too.
class Echo : public Scenario
{
public:
    Echo(const InterprocessQt::Address &address, qsizetype size, InterprocessQt::LocalServer::SocketOptions access = InterprocessQt::LocalServer::NoOptions)
        : m_address(address)
        , m_data(size, Qt::Uninitialized)
    {
        for (qsizetype i = 0; i < size; ++i)
            m_data[i] = char(i * 7 + i / 256);
        m_server.setHalfOpenAllowed(true);
        m_server.setSocketOptions(access);
        reportErrorsOf(&m_server, QStringLiteral("server"));
        reportErrorsOf(&m_client, QStringLiteral("client"));
        QObject::connect(&m_server, &InterprocessQt::LocalServer::newConnection, &m_server, [this] {
            while (InterprocessQt::LocalSocket *const peer = m_server.nextPendingConnection())
                serve(peer);
        });
        QObject::connect(&m_server, &InterprocessQt::LocalServer::peerRejected, &m_server, [this] {
            toldOtherwise(QStringLiteral("refused, as nobody can say who it is"));
        });
        QObject::connect(&m_client, &InterprocessQt::LocalSocket::readyRead, &m_client, [this] {
            m_echoed += m_client.readAll();
        });
        const auto ended = [this] {
            m_ended = m_client.state() == InterprocessQt::LocalSocket::UnconnectedState;
        };
        QObject::connect(&m_client, &InterprocessQt::LocalSocket::disconnected, &m_client, ended);
        // Without having to: one direction may still work.
        QObject::connect(&m_client, &InterprocessQt::LocalSocket::errorOccurred, &m_client, [this, ended] {
            m_client.abort();
            ended();
        });
        QObject::connect(&m_client, &InterprocessQt::LocalSocket::bytesWritten, &m_client, [this](qint64 bytes) {
            m_written += bytes;
        });
    }

protected:
    void run() override
    {
        m_echoed.clear();
        m_written = m_longest = 0;
        m_ended = false;
        if (!m_server.listen(m_address)) {
            report(QStringLiteral("listen"), m_server.nativeError(), m_server.errorString());
            return;
        }
        m_client.setHalfOpenAllowed(true);
        m_client.setConnectTimeout(2000);
        m_client.connectToServer(m_address);
        if (m_client.isOpen()) {
            m_client.write(m_data.first(m_data.size() / 2));
            m_client.write(m_data.mid(m_data.size() / 2));
            m_client.closeWriteChannel();
        }
        await("the end of the client", [this] {
            return m_ended;
        });
        if (m_client.isOpen())
            m_echoed += m_client.readAll();
        await("the end of the server's side", [this] {
            return m_peers.isEmpty();
        });
        m_server.close();
        m_client.abort();

        isBeginning("the echo", m_echoed, m_data);
        if (m_longest > m_written || m_echoed.size() > m_longest)
            wrong(QStringLiteral("%1 bytes reported as written, %2 read, %3 came back").arg(m_written).arg(m_longest).arg(m_echoed.size()));
        if (m_echoed == m_data && m_written == m_data.size())
            complete();
    }

private:
    void serve(InterprocessQt::LocalSocket *peer)
    {
        m_peers.append(peer);
        reportErrorsOf(peer, QStringLiteral("peer"));
        QObject::connect(peer, &InterprocessQt::LocalSocket::errorOccurred, peer, &InterprocessQt::LocalSocket::abort);
        auto *const arrived = new QByteArray;
        const auto read = [this, peer, arrived] {
            const QByteArray data = peer->readAll();
            *arrived += data;
            isBeginning("what the server reads", *arrived, m_data);
            m_longest = qMax(m_longest, arrived->size());
            peer->write(data);
        };
        QObject::connect(peer, &InterprocessQt::LocalSocket::readyRead, peer, read);
        QObject::connect(peer, &InterprocessQt::LocalSocket::readChannelFinished, peer, [peer] {
            peer->disconnectFromServer();
        });
        const auto gone = [this, peer] {
            m_peers.removeOne(peer);
            peer->deleteLater();
        };
        QObject::connect(peer, &InterprocessQt::LocalSocket::disconnected, peer, gone);
        QObject::connect(peer, &QObject::destroyed, peer, [arrived] {
            delete arrived;
        });
        read();
        if (peer->state() == InterprocessQt::LocalSocket::UnconnectedState)
            gone();
    }

    const InterprocessQt::Address m_address;
    QByteArray m_data;
    QList<InterprocessQt::LocalSocket *> m_peers;
    QByteArray m_echoed;
    qint64 m_written = 0;
    qint64 m_longest = 0;
    bool m_ended = false;
    // Their signals lead to what is above.
    InterprocessQt::LocalServer m_server;
    InterprocessQt::LocalSocket m_client;
};

#endif
