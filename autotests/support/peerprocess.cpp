// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "peerprocess.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QStandardPaths>
#include <QTest>

PeerProcess::PeerProcess() = default;

PeerProcess::~PeerProcess()
{
    kill();
}

QString PeerProcess::find(const QString &program)
{
    // With the suffix that programs have on this system, if they have one.
    const QString beside = QStandardPaths::findExecutable(program, {QCoreApplication::applicationDirPath()});
    return beside.isEmpty() ? QStandardPaths::findExecutable(program) : beside;
}

bool PeerProcess::start(const QString &program, const QStringList &arguments)
{
    m_process.start(find(program), arguments);
    return m_process.waitForStarted();
}

bool PeerProcess::waitForLine(const QString &line, int msecs)
{
    const QDeadlineTimer deadline(msecs);
    while (!deadline.hasExpired()) {
        const QString read = readLine(int(deadline.remainingTime()));
        if (read == line)
            return true;
        if (read.isNull())
            return false;
    }
    return false;
}

QString PeerProcess::readLine(int msecs)
{
    const bool arrived = QTest::qWaitFor(
        [this] {
            return m_process.canReadLine() || m_process.state() == QProcess::NotRunning;
        },
        msecs);
    if (!arrived || !m_process.canReadLine())
        return {};
    QByteArray line = m_process.readLine().chopped(1);
    if (line.endsWith('\r')) // the C library of Windows ends lines so
        line.chop(1);
    return QString::fromUtf8(line);
}

void PeerProcess::writeLine(const QString &line)
{
    m_process.write(line.toUtf8() + '\n');
    m_process.waitForBytesWritten();
}

void PeerProcess::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

int PeerProcess::waitForExit(int msecs)
{
    const bool ended = QTest::qWaitFor(
        [this] {
            return m_process.state() == QProcess::NotRunning;
        },
        msecs);
    return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

qint64 PeerProcess::pid() const
{
    return m_process.processId();
}

QString PeerProcess::errors() const
{
    return QString::fromUtf8(const_cast<QProcess &>(m_process).readAllStandardError());
}
