// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "faulttest.h"

#include <InterprocessQt/UnixDatagramSocket>

#include <fcntl.h>

using namespace InterprocessQt;

namespace
{

// Numbered datagrams, more than the kernel keeps for a receiver at once, to one that counts them.
class Datagrams : public Scenario
{
public:
    explicit Datagrams(const Address &address)
        : m_address(address)
    {
        m_receiver.setMaximumDescriptors(4);
        reportErrorsOf(&m_receiver, QStringLiteral("receiver"));
        reportErrorsOf(&m_sender, QStringLiteral("sender"));
        QObject::connect(&m_receiver, &UnixDatagramSocket::readyRead, &m_receiver, [this] {
            while (auto message = m_receiver.receive())
                arrived(*message);
        });
        QObject::connect(&m_sender, &UnixDatagramSocket::datagramsDropped, &m_sender, [this](const Address &, int count) {
            m_dropped += count;
        });
        QObject::connect(&m_sender, &UnixDatagramSocket::datagramsSent, &m_sender, [this](int count) {
            m_sent += count;
        });
    }

protected:
    static constexpr int Count = 40;

    void run() override
    {
        m_arrived = m_last = m_dropped = m_sent = 0;
        if (!m_receiver.bind(m_address)) {
            report(QStringLiteral("bind"), m_receiver.nativeError(), m_receiver.errorString());
            return;
        }
        int accepted = 0;
        for (int i = 1; i <= Count; ++i) {
            UnixMessage message(QByteArray::number(i));
            if (i % 8 == 0) {
                const Injector::Pause pause;
                message.addDescriptor(m_file.duplicate());
            }
            if (m_sender.sendTo(std::move(message), m_address))
                ++accepted;
            else
                report(QStringLiteral("send"), m_sender.nativeError(), m_sender.errorString());
        }
        await("the end of sending", [this, accepted] {
            return m_sender.datagramsToSend() == 0 && m_sent + m_dropped >= accepted;
        });
        await("what was sent", [this] {
            return m_arrived >= m_sent || !m_receiver.isOpen() || isReported(&m_receiver);
        });
        if (m_sent + m_dropped != accepted)
            wrong(QStringLiteral("%1 were taken, %2 sent, %3 dropped").arg(accepted).arg(m_sent).arg(m_dropped));
        if (m_arrived > m_sent)
            wrong(QStringLiteral("%1 were sent, %2 arrived").arg(m_sent).arg(m_arrived));
        m_receiver.close();
        m_sender.close();
        if (m_arrived == Count)
            complete();
    }

private:
    bool isReported(const UnixDatagramSocket *) const
    {
        return !reports().isEmpty() && reports().last().who == QLatin1String("receiver");
    }

    void arrived(const UnixMessage &message)
    {
        const int number = message.data().toInt();
        if (message.descriptors().size() != (number % 8 == 0 ? 1u : 0u) && !message.descriptorsLost())
            wrong(QStringLiteral("%1 descriptors with no. %2").arg(message.descriptors().size()).arg(number));
        if (number <= m_last)
            wrong(QStringLiteral("%1 arrives after %2").arg(number).arg(m_last));
        m_last = number;
        ++m_arrived;
    }

    const Address m_address;
    int m_arrived = 0;
    int m_last = 0;
    int m_dropped = 0;
    int m_sent = 0;
    const FileDescriptor m_file{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    UnixDatagramSocket m_receiver;
    UnixDatagramSocket m_sender;
};

} // namespace

class tst_faults_datagram : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void sendingAndReceiving();
};

void tst_faults_datagram::sendingAndReceiving()
{
    inject([this] {
        return std::make_unique<Datagrams>(path());
    });
}

QTEST_GUILESS_MAIN(tst_faults_datagram)

#include "tst_faults_datagram.moc"
