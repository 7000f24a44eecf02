// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "demo.h"

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>
#include <QFile>

#include <csignal>
#include <cstdio>

using namespace InterprocessQt;

namespace
{
void say(const QString &text)
{
    std::printf("%s\n", qPrintable(text));
    std::fflush(stdout);
}
} // namespace

Demo::Demo(QObject *parent)
    : QObject(parent)
    , m_file(m_directory.filePath("daemon.conf"))
{
    m_steps = {
        {"kill -USR1 $daemon",
         [this] {
             return send(SIGUSR1);
         },
         "daemon: 0 jobs"},
        {"echo interval = 10 > daemon.conf; kill -HUP $daemon",
         [this] {
             return write("interval = 10\n") && send(SIGHUP);
         },
         "daemon: reloaded"},
        {"echo interval = soon > daemon.conf; kill -HUP $daemon",
         [this] {
             return write("interval = soon\n") && send(SIGHUP);
         },
         "daemon: goes on"},
        {"sleep 0.1; kill -USR1 $daemon",
         [this] {
             QTimer::singleShot(100, this, [this] {
                 send(SIGUSR1);
             });
             return true;
         },
         "daemon: "},
        {"kill -TERM $daemon",
         [this] {
             return send(SIGTERM);
         },
         {}},
    };
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        fail("the daemon does not answer");
    });
    m_daemon.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(&m_daemon, &QProcess::readyReadStandardOutput, this, &Demo::read);
    connect(&m_daemon, &QProcess::errorOccurred, this, [this] {
        fail(m_daemon.errorString());
    });
    connect(&m_daemon, &QProcess::finished, this, [this](int exitCode, QProcess::ExitStatus status) {
        read();
        if (status == QProcess::CrashExit || exitCode != 0 || !m_steps.isEmpty()) {
            fail(QString("the daemon has ended with %1").arg(exitCode));
            return;
        }
        say("The daemon has ended in order, with 0.");
        QCoreApplication::quit();
    });
}

Demo::~Demo()
{
    m_daemon.disconnect(this);
    m_daemon.kill();
    m_daemon.waitForFinished();
}

void Demo::start()
{
    if (!m_directory.isValid() || !write("interval = 10000\n")) {
        fail(QString("%1: cannot be written").arg(m_file));
        return;
    }
    say("A daemon that is controlled by signals, and what an administrator types:");
    m_patience.start(10'000);
    m_awaited = "daemon: kill";
    m_daemon.start(QCoreApplication::applicationFilePath(), {m_file});
}

void Demo::read()
{
    while (m_daemon.canReadLine()) {
        const QString line = QString::fromUtf8(m_daemon.readLine()).trimmed();
        say(line);
        // What it says first is which signal has come.
        if (!m_awaited.isEmpty() && line.startsWith(m_awaited) && !line.startsWith("daemon: SIG"))
            next();
    }
}

void Demo::next()
{
    const Step step = m_steps.takeFirst();
    m_awaited = step.answer;
    say(QString("$ ") + step.command);
    m_patience.start();
    if (!step.run())
        fail("that cannot be done");
}

void Demo::fail(const QString &text)
{
    m_patience.stop();
    std::fprintf(stderr, "%s\n", qPrintable(text));
    QCoreApplication::exit(1);
}

bool Demo::write(const QByteArray &configuration)
{
    QFile file(m_file);
    return file.open(QIODevice::WriteOnly) && file.write(configuration) == configuration.size();
}

bool Demo::send(int number)
{
    const auto result = SignalWatcher::send(m_daemon.processId(), number);
    if (!result)
        std::fprintf(stderr, "%s\n", qPrintable(result.errorString));
    return bool(result);
}
