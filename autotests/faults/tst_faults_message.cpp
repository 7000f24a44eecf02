// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "faulttest.h"

#include <InterprocessQt/MessageServer>
#include <InterprocessQt/MessageSocket>

using namespace InterprocessQt;

namespace
{

using Transport = MessageSocket::Transport;

// Messages go to an echo, from the smallest to one that fills the buffers of the kernel, and come back.
class MessageEcho : public Scenario
{
public:
    MessageEcho(const Address &address, Transport transport, int largest = 100'000)
        : m_address(address)
        , m_server(transport)
        , m_client(transport)
    {
        for (const int size : {0, 1, 100, 0, largest / 20, largest, 7})
            m_sent.append(QByteArray(size, char('a' + m_sent.size())));
        reportErrorsOf(&m_server, QStringLiteral("server"));
        reportErrorsOf(&m_client, QStringLiteral("client"));
        QObject::connect(&m_server, &MessageServer::newConnection, &m_server, [this] {
            while (MessageSocket *const peer = m_server.nextPendingConnection())
                serve(peer);
        });
        QObject::connect(&m_client, &MessageSocket::messageReceived, &m_client, [this](const QByteArray &message) {
            m_echoed.append(message);
            if (m_echoed.size() == m_sent.size())
                m_client.disconnectFromServer();
        });
        const auto ended = [this] {
            m_ended = m_client.state() == LocalSocket::UnconnectedState;
        };
        QObject::connect(&m_client, &MessageSocket::disconnected, &m_client, ended);
        QObject::connect(&m_client, &MessageSocket::errorOccurred, &m_client, [this, ended] {
            m_client.abort();
            ended();
        });
    }

protected:
    void run() override
    {
        m_echoed.clear();
        m_ended = false;
        if (!m_server.listen(m_address)) {
            report(QStringLiteral("listen"), m_server.nativeError(), m_server.errorString());
            return;
        }
        m_client.setConnectTimeout(2000);
        m_client.connectToServer(m_address);
        for (const QByteArray &message : m_sent) {
            if (!m_client.send(message))
                break; // what follows would not be what is waited for
        }
        await("the end of the client", [this] {
            return m_ended;
        });
        await("the end of the server's side", [this] {
            return m_peers.isEmpty();
        });
        m_server.close();
        m_client.abort();
        areBeginning("the echo", m_echoed);
        if (m_echoed == m_sent)
            complete();
    }

private:
    void areBeginning(const char *what, const QList<QByteArray> &messages)
    {
        if (messages.size() > m_sent.size() || messages != m_sent.first(messages.size()))
            wrong(QStringLiteral("%1: messages that are not what was sent").arg(QString::fromUtf8(what)));
    }

    void serve(MessageSocket *peer)
    {
        m_peers.append(peer);
        auto received = std::make_shared<QList<QByteArray>>();
        QObject::connect(peer, &MessageSocket::errorOccurred, peer, [this, peer, received](StreamDevice::Error error) {
            if (error != StreamDevice::PeerClosedError || received->size() < m_sent.size()) // and not the end that there should be
                report(QStringLiteral("peer"), peer->nativeError(), peer->errorString());
        });
        const auto gone = [this, peer] {
            m_peers.removeOne(peer);
            peer->deleteLater();
        };
        QObject::connect(peer, &MessageSocket::disconnected, peer, gone);
        QObject::connect(peer, &MessageSocket::errorOccurred, peer, &MessageSocket::abort);
        QObject::connect(peer, &MessageSocket::messageReceived, peer, [this, peer, received](const QByteArray &message) {
            received->append(message);
            areBeginning("what the server reads", *received);
            peer->send(message);
        });
        if (peer->state() == LocalSocket::UnconnectedState)
            gone();
    }

    const Address m_address;
    QList<QByteArray> m_sent;
    QList<QByteArray> m_echoed;
    QList<MessageSocket *> m_peers;
    bool m_ended = false;
    // Their signals lead to what is above.
    MessageServer m_server;
    MessageSocket m_client;
};

} // namespace

class tst_faults_message : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void overPackets();
    void overAStream();
    void overAStreamByteByByte();
};

void tst_faults_message::overPackets()
{
    inject([this] {
        return std::make_unique<MessageEcho>(path(), Transport::Packets);
    });
}

void tst_faults_message::overAStream()
{
    inject([this] {
        return std::make_unique<MessageEcho>(path(), Transport::Stream);
    });
}

void tst_faults_message::overAStreamByteByByte()
{
    transferByteByByte([this] {
        return std::make_unique<MessageEcho>(path(), Transport::Stream, 1000);
    });
}

QTEST_GUILESS_MAIN(tst_faults_message)

#include "tst_faults_message.moc"
