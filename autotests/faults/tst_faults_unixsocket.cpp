// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "faulttest.h"

#include <InterprocessQt/UnixServer>
#include <InterprocessQt/UnixSocket>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace InterprocessQt;

namespace
{

// A file without a name that contains this text.
FileDescriptor fileWith(const QByteArray &text)
{
    const Injector::Pause pause;
    FileDescriptor file(::memfd_create("fault test", MFD_CLOEXEC));
    static_cast<void>(::pwrite(int(file.get()), text.constData(), size_t(text.size()), 0));
    return file;
}

QByteArray textIn(const FileDescriptor &file)
{
    const Injector::Pause pause;
    char buffer[64];
    const ssize_t got = ::pread(int(file.get()), buffer, sizeof buffer, 0);
    return QByteArray(buffer, qMax<ssize_t>(0, got));
}

// A client hands over files that contain what is written beside them; the server says what it found in each.
class FilesHandedOver : public Scenario
{
public:
    explicit FilesHandedOver(const Address &address)
        : m_address(address)
    {
        m_server.setMaximumDescriptors(16);
        m_server.setHalfOpenAllowed(true);
        m_client.setHalfOpenAllowed(true);
        reportErrorsOf(&m_server, QStringLiteral("server"));
        reportErrorsOf(&m_client, QStringLiteral("client"));
        QObject::connect(&m_server, &UnixServer::newConnection, &m_server, [this] {
            while (UnixSocket *const peer = m_server.nextPendingConnection())
                serve(peer);
        });
        const auto ended = [this] {
            m_ended = m_client.state() == LocalSocket::UnconnectedState;
        };
        QObject::connect(&m_client, &UnixSocket::disconnected, &m_client, ended);
        QObject::connect(&m_client, &UnixSocket::errorOccurred, &m_client, [this, ended] {
            m_client.abort();
            ended();
        });
    }

protected:
    static constexpr int Count = 6;

    static QByteArray text(int number)
    {
        return QByteArray("file ") + QByteArray::number(number);
    }

    void run() override
    {
        m_received.clear();
        m_ended = false;
        if (!m_server.listen(m_address)) {
            report(QStringLiteral("listen"), m_server.nativeError(), m_server.errorString());
            return;
        }
        m_client.setConnectTimeout(2000);
        m_client.connectToServer(m_address);
        for (int i = 0; i < Count && m_client.isOpen(); ++i) {
            UnixMessage message(text(i));
            for (int j = 0; j <= i % 3; ++j)
                message.addDescriptor(fileWith(text(i)));
            if (m_client.send(std::move(message)) < 0) {
                report(QStringLiteral("send"), m_client.nativeError(), m_client.errorString());
                break; // what follows would not be what the server waits for
            }
        }
        if (m_client.isOpen())
            m_client.closeWriteChannel();
        await("the end of the client", [this] {
            return m_ended;
        });
        await("the end of the server's side", [this] {
            return m_peers.isEmpty();
        });
        m_server.close();
        m_client.abort();
        if (m_received == all() && reports().isEmpty())
            complete();
    }

private:
    // A stream may come in other pieces than it was sent in. But descriptors come with the first byte of their message.
    void arrived(const UnixMessage &unit)
    {
        const qsizetype begin = m_received.size();
        m_received += unit.data();
        isBeginning("what the server reads", m_received, all());
        QByteArray expected;
        for (int number = 0; number < Count; ++number) {
            const qsizetype first = number * text(number).size();
            if (first >= begin && first < m_received.size())
                expected += text(number).repeated(number % 3 + 1);
        }
        QByteArray found;
        for (const FileDescriptor &file : unit.descriptors())
            found += textIn(file);
        if (unit.descriptorsLost())
            toldOtherwise(QStringLiteral("descriptors are lost"));
        else if (found != expected)
            wrong(QStringLiteral("with %1: the descriptors %2").arg(QString::fromUtf8(unit.data()), QString::fromUtf8(found)));
    }

    static QByteArray all()
    {
        QByteArray bytes;
        for (int number = 0; number < Count; ++number)
            bytes += text(number);
        return bytes;
    }

    void serve(UnixSocket *peer)
    {
        m_peers.append(peer);
        m_received.clear();
        reportErrorsOf(peer, QStringLiteral("peer"));
        const auto read = [this, peer] {
            while (const auto unit = peer->receive())
                arrived(*unit);
        };
        const auto gone = [this, peer] {
            m_peers.removeOne(peer);
            peer->deleteLater();
        };
        QObject::connect(peer, &UnixSocket::readyRead, peer, read);
        QObject::connect(peer, &UnixSocket::readChannelFinished, peer, [peer] {
            peer->disconnectFromServer();
        });
        QObject::connect(peer, &UnixSocket::disconnected, peer, gone);
        QObject::connect(peer, &UnixSocket::errorOccurred, peer, &UnixSocket::abort);
        if (peer->isOpen())
            read();
        if (peer->state() == LocalSocket::UnconnectedState)
            gone();
    }

    const Address m_address;
    QByteArray m_received;
    QList<UnixSocket *> m_peers;
    bool m_ended = false;
    // Their signals lead to what is above.
    UnixServer m_server;
    UnixSocket m_client;
};

} // namespace

class tst_faults_unixsocket : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void descriptors();
};

void tst_faults_unixsocket::descriptors()
{
    inject([this] {
        return std::make_unique<FilesHandedOver>(path());
    });
}

QTEST_GUILESS_MAIN(tst_faults_unixsocket)

#include "tst_faults_unixsocket.moc"
