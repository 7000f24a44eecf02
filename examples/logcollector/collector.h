// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef LOGCOLLECTOR_COLLECTOR_H
#define LOGCOLLECTOR_COLLECTOR_H

#include <InterprocessQt/UnixDatagramSocket>

#include <QHash>

// Takes lines from whoever may send to its address, and knows who they came from without being told by them.
class Collector : public QObject
{
    Q_OBJECT

public:
    // What is longer is cut off: a log must not be filled by a single line.
    static constexpr qint64 LongestLine = 1000;

    struct Counts {
        int lines = 0;
        int truncated = 0;
        int descriptorsRefused = 0;
    };

    explicit Collector(QObject *parent = nullptr);
    bool start(const InterprocessQt::Address &address);
    void receiveAll();

    [[nodiscard]] Counts counts() const
    {
        return m_counts;
    }
    // Shows only the first lines of each sender, and counts all.
    void setShownPerSender(int count)
    {
        m_shownPerSender = count;
    }

Q_SIGNALS:
    void received(int lines);

private:
    void show(const InterprocessQt::UnixMessage &message);

    InterprocessQt::UnixDatagramSocket m_socket;
    Counts m_counts;
    int m_shownPerSender = -1;
    QHash<qint64, int> m_shown;
};

#endif
