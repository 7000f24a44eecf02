// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef LOGCOLLECTOR_LOGSENDER_H
#define LOGCOLLECTOR_LOGSENDER_H

#include <InterprocessQt/UnixDatagramSocket>

#include <functional>

// Sends lines as fast as the collector takes them, and no faster.
class LogSender : public QObject
{
    Q_OBJECT

public:
    // The next line, or nothing when there are no more.
    using Source = std::function<std::optional<QByteArray>()>;

    LogSender(const InterprocessQt::Address &collector, Source source, QObject *parent = nullptr);
    void setDescriptorsAttached(bool attached)
    {
        m_attach = attached;
    }
    void start();

    [[nodiscard]] int sent() const
    {
        return m_sent;
    }
    // How often there was no room for one more and the source had to wait.
    [[nodiscard]] int pauses() const
    {
        return m_pauses;
    }

Q_SIGNALS:
    void finished();
    void failed(const QString &reason);

private:
    void sendMore();
    [[nodiscard]] bool sendLine(const QByteArray &line);
    void checkEnd();

    const InterprocessQt::Address m_collector;
    const Source m_source;
    InterprocessQt::UnixDatagramSocket m_socket;
    bool m_attach = false;
    bool m_sourceEnded = false;
    int m_sent = 0;
    int m_pauses = 0;
};

#endif
