// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "runner.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include <csignal>

namespace Bench
{

namespace
{

constexpr int Patience = 120'000;

// The words that follow this start of a line, once the process has printed one.
QList<QByteArray> awaitLine(QProcess &process, const QByteArray &start, QByteArray &output, int msecs)
{
    const QDeadlineTimer deadline(msecs);
    for (;;) {
        output += process.readAllStandardOutput();
        const auto lines = output.split('\n');
        for (qsizetype i = 0; i + 1 < lines.size(); ++i) {
            if (lines[i].startsWith(start))
                return lines[i].split(' ').mid(1);
        }
        if (process.state() == QProcess::NotRunning && process.bytesAvailable() == 0)
            return {};
        if (!process.waitForReadyRead(int(deadline.remainingTime())) && deadline.hasExpired())
            return {};
    }
}

// The table that strace -c prints: "% time, seconds, usecs/call, calls, errors (may be missing), syscall".
void addCalls(const QString &fileName, QMap<QString, double> &calls)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly))
        return;
    while (!file.atEnd()) {
        const auto words = QString::fromLatin1(file.readLine()).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        bool isNumber = false;
        const double count = words.value(3).toDouble(&isNumber);
        const QString name = words.isEmpty() ? QString() : words.last().trimmed();
        if (isNumber && words.size() >= 5 && name != QLatin1String("total"))
            calls[name] += count;
    }
}

QString complaint(QProcess &process, const QString &what)
{
    const QString said = QString::fromLocal8Bit(process.readAllStandardError()).trimmed();
    return said.isEmpty() ? what : what + QStringLiteral(": ") + said;
}

} // namespace

Runner::Runner(bool pollDispatcher)
    : m_pollDispatcher(pollDispatcher)
{
}

bool Runner::canTrace()
{
    return !QStandardPaths::findExecutable(QStringLiteral("strace")).isEmpty();
}

QString Runner::traceFile(const QString &role) const
{
    return m_directory.filePath(role + QStringLiteral(".trace"));
}

void Runner::start(QProcess &process, const QString &role, const QString &backend, const Job &job, bool traced) const
{
    QString program = QCoreApplication::applicationFilePath();
    QStringList arguments = QStringList{QStringLiteral("--worker"), role, backend} + job.toArguments();
    if (traced) {
        arguments = QStringList{QStringLiteral("-f"), QStringLiteral("-c"), QStringLiteral("-o"), traceFile(role), program} + arguments;
        program = QStringLiteral("strace");
    }
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("QT_NO_GLIB"));
    if (m_pollDispatcher)
        environment.insert(QStringLiteral("QT_NO_GLIB"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.start(program, arguments, QIODevice::ReadOnly);
}

Outcome Runner::run(Job job, const QString &backend, Placement placement)
{
    return run(std::move(job), backend, placement, false);
}

Outcome Runner::runTraced(Job job, const QString &backend, Placement placement)
{
    return run(std::move(job), backend, placement, true);
}

Outcome Runner::run(Job job, const QString &backend, Placement placement, bool traced)
{
    Outcome outcome;
    job.path = QFile::encodeName(m_directory.filePath(QStringLiteral("s")));
    job.cpu = placement.serverCpu;
    QFile::remove(QFile::decodeName(job.path));

    QProcess server;
    QByteArray serverOutput;
    start(server, QStringLiteral("server"), backend, job, traced);
    const auto ready = awaitLine(server, "ready ", serverOutput, Patience);
    if (ready.isEmpty()) {
        server.kill();
        server.waitForFinished();
        outcome.error = complaint(server, QStringLiteral("the server does not start"));
        return outcome;
    }
    // Not that of strace, if there is one between.
    job.serverPid = ready.first().toInt();

    QProcess client;
    QByteArray clientOutput;
    job.cpu = placement.clientCpu;
    start(client, QStringLiteral("client"), backend, job, traced);
    const auto result = awaitLine(client, "result ", clientOutput, Patience);
    if (result.size() == 5) {
        outcome.operations = result[0].toDouble();
        outcome.seconds = result[1].toDouble();
        outcome.processorSeconds = result[2].toDouble();
        outcome.setupSeconds = result[3].toDouble();
        outcome.setupProcessorSeconds = result[4].toDouble();
    } else {
        client.kill();
    }
    if (!client.waitForFinished(Patience))
        client.kill();
    if (result.size() != 5)
        outcome.error = complaint(client, QStringLiteral("the client brings no result"));

    if (job.idle > 0 && outcome.error.isEmpty()) {
        const auto memory = awaitLine(server, "memory ", serverOutput, 5'000);
        outcome.heap = memory.value(0).toDouble();
        outcome.resident = memory.value(1).toDouble();
    }
    ::kill(job.serverPid, SIGTERM);
    if (!server.waitForFinished(10'000)) {
        server.kill();
        server.waitForFinished();
    }
    if (traced) {
        addCalls(traceFile(QStringLiteral("server")), outcome.calls);
        addCalls(traceFile(QStringLiteral("client")), outcome.calls);
    }
    return outcome;
}

} // namespace Bench
