// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef PEERPROCESS_H
#define PEERPROCESS_H

#include <QProcess>
#include <QStringList>

/*
 * A program that a test talks to: one of autotests/peers (found beside the test), or any on the PATH.
 *
 * What it prints is read line by line. It is killed if the test leaves it behind.
 */
class PeerProcess
{
public:
    PeerProcess();
    ~PeerProcess();

    // Where the program is, or empty: a test then skips and says so.
    static QString find(const QString &program);

    [[nodiscard]] bool start(const QString &program, const QStringList &arguments = {});
    // Waits (without an event loop of its own: signals of the test's objects are delivered meanwhile) for a line.
    [[nodiscard]] bool waitForLine(const QString &line, int msecs = 10'000);
    [[nodiscard]] QString readLine(int msecs = 10'000);
    void writeLine(const QString &line);
    void kill();
    // The exit code, or -1 if it crashed or did not end in time.
    [[nodiscard]] int waitForExit(int msecs = 20'000);
    [[nodiscard]] qint64 pid() const;
    [[nodiscard]] QProcess &process()
    {
        return m_process;
    }
    [[nodiscard]] QString errors() const; // what it has written to standard error

private:
    QProcess m_process;
};

#endif
