// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "daemon.h"

#include <QThread>

#include <csignal>
#include <cstdio>

using namespace InterprocessQt;

namespace
{
void say(const QString &text)
{
    std::printf("daemon: %s\n", qPrintable(text));
    std::fflush(stdout);
}

QString senderOf(const SignalInfo &info)
{
    return info.processId() ? QString(" from process %1").arg(*info.processId()) : QString();
}
} // namespace

Daemon::Daemon(const QString &configurationFile, QObject *parent)
    : QObject(parent)
    , m_configurationFile(configurationFile)
{
    connect(&m_signals, &SignalWatcher::received, this, &Daemon::obey);
    connect(&m_timer, &QTimer::timeout, this, &Daemon::work);
}

bool Daemon::start()
{
    for (const int number : {SIGHUP, SIGUSR1}) {
        if (!m_signals.watch(number)) {
            std::fprintf(stderr, "daemon: %s\n", qPrintable(m_signals.errorString()));
            return false;
        }
    }
    QString error;
    const auto configuration = Configuration::fromFile(m_configurationFile, error);
    if (!configuration) {
        std::fprintf(stderr, "daemon: %s\n", qPrintable(error));
        return false;
    }
    m_configuration = *configuration;
    m_timer.start(m_configuration.interval);
    m_running.start();
    say(QString("running, batches of %1 every %2 ms").arg(m_configuration.batch).arg(m_configuration.interval.count()));
    return true;
}

// An ordinary slot, called from the event loop: files may be read, memory allocated, everything.
void Daemon::obey(const SignalInfo &info)
{
    say(info.name() + senderOf(info));
    if (info.number() == SIGHUP)
        reload();
    else
        showStatistics();
}

void Daemon::reload()
{
    QString error;
    const auto configuration = Configuration::fromFile(m_configurationFile, error);
    if (!configuration) {
        // A daemon that ends by a mistake in its configuration helps nobody.
        say("goes on with the configuration it has: " + error);
        return;
    }
    ++m_reloads;
    m_configuration = *configuration;
    m_timer.start(m_configuration.interval);
    say(QString("reloaded, batches of %1 every %2 ms").arg(m_configuration.batch).arg(m_configuration.interval.count()));
}

void Daemon::showStatistics() const
{
    say(QString("%1 jobs in %2 ms, %3 of them not saved yet, configuration reloaded %4 times")
            .arg(m_jobs)
            .arg(m_running.elapsed())
            .arg(m_unsaved)
            .arg(m_reloads));
}

void Daemon::work()
{
    m_jobs += m_configuration.batch;
    m_unsaved += m_configuration.batch;
}

void Daemon::cleanUp()
{
    say(QString("%1: cleaning up").arg(SignalWatcher::signalName(SignalWatcher::quitSignal())));
    m_timer.stop();
    QElapsedTimer time;
    time.start();
    // This is where files would be written and clients be told. A second signal, or the time-out of quitOn(), cuts it short.
    QThread::msleep(20);
    say(QString("saved %1 jobs, clean after %2 ms").arg(m_unsaved).arg(time.elapsed()));
    m_unsaved = 0;
}
