// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef PUMP_H
#define PUMP_H

#include <InterprocessQt/Pipe>

#include <QFile>
#include <QProcess>

/*
 * Streams a file through a program such as gzip into another file.
 *
 * The program gets one end of each of two pipes, and this process has the others. Neither side is ever asked for more than
 * it can take: reading the file pauses while the pipe is full, so the memory used does not depend on the size of the file.
 */
class Pump : public QObject
{
    Q_OBJECT

public:
    Pump(const QString &from, const QString &to);
    bool start(const QString &program, const QStringList &arguments);
    [[nodiscard]] QString problem() const // why it could not be started
    {
        return m_problem;
    }
    [[nodiscard]] qint64 bytesIn() const
    {
        return m_in;
    }
    [[nodiscard]] qint64 bytesOut() const
    {
        return m_out;
    }
    [[nodiscard]] qint64 mostWaiting() const
    {
        return m_most;
    }

Q_SIGNALS:
    void progress(qint64 done, qint64 total);
    void finished(const QString &problem); // empty: there was none

private:
    void feed();
    void store();
    void endIfComplete();
    void end(const QString &problem);

    QFile m_from;
    QFile m_to;
    QProcess m_process;
    InterprocessQt::Pipe m_there;
    InterprocessQt::Pipe m_back;
    QString m_problem;
    qint64 m_in = 0;
    qint64 m_out = 0;
    qint64 m_most = 0;
    bool m_told = false;
};

#endif
