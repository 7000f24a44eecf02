// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "faulttest.h"

#include <InterprocessQt/SignalInfo>
#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>

#include <algorithm>
#include <csignal>

using namespace InterprocessQt;

namespace
{

// Signals with values are sent to this process, and arrive in order; one without is only to arrive.
class Signals : public Scenario
{
public:
    Signals()
    {
        QObject::connect(&m_watcher, &SignalWatcher::received, &m_watcher, [this](const SignalInfo &info) {
            if (info.number() == SIGUSR2)
                ++m_plain;
            else
                m_values.append(info.value().value_or(-1));
        });
        // For each that cannot be kept, which is never for want of memory.
        QObject::connect(&m_watcher, &SignalWatcher::overflowed, &m_watcher, [this](int, qint64 count) {
            m_lost += int(count);
            toldOtherwise(QStringLiteral("signals are lost"));
        });
    }

protected:
    static constexpr int Count = 5;

    void run() override
    {
        m_values.clear();
        m_plain = m_lost = 0;
        const int queued = SignalWatcher::realTimeMinimum() + 1;
        for (const int signal : {queued, SIGUSR2}) {
            if (!m_watcher.watch(signal)) {
                report(QStringLiteral("watch"), m_watcher.nativeError(), m_watcher.errorString());
                m_watcher.unwatchAll();
                return;
            }
        }
        const auto sent = [this](const SignalWatcher::Result &result) {
            if (!result)
                report(QStringLiteral("send"), result.nativeError, result.errorString);
            return bool(result);
        };
        QList<int> expected;
        for (int i = 1; i <= Count; ++i) {
            if (sent(SignalWatcher::sendQueued(QCoreApplication::applicationPid(), queued, i)))
                expected.append(i);
        }
        const int plain = sent(SignalWatcher::send(QCoreApplication::applicationPid(), SIGUSR2)) ? 1 : 0;
        await("the signals", [&] {
            return m_values.size() + m_lost >= expected.size() && m_plain >= plain;
        });
        m_watcher.unwatchAll();
        const bool inOrder = std::includes(expected.cbegin(), expected.cend(), m_values.cbegin(), m_values.cend());
        if (!inOrder || m_values.size() + m_lost != expected.size() || m_plain != plain)
            wrong(QStringLiteral("%1 of %2 arrived, %3 are said to be lost; %4 of %5")
                      .arg(m_values.size())
                      .arg(expected.size())
                      .arg(m_lost)
                      .arg(m_plain)
                      .arg(plain));
        if (m_values.size() == Count && plain == 1)
            complete();
    }

private:
    QList<int> m_values;
    int m_plain = 0;
    int m_lost = 0;
    SignalWatcher m_watcher;
};

} // namespace

class tst_faults_signal : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void sendingAndReceiving();
    void byteByByte();
};

void tst_faults_signal::sendingAndReceiving()
{
    inject([] {
        return std::make_unique<Signals>();
    });
}

void tst_faults_signal::byteByByte()
{
    transferByteByByte([] {
        return std::make_unique<Signals>();
    });
}

QTEST_GUILESS_MAIN(tst_faults_signal)

#include "tst_faults_signal.moc"
