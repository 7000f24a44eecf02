// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DAEMON_H
#define DAEMON_H

#include "configuration.h"

#include <InterprocessQt/SignalWatcher>

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

// Works on jobs, and does what it is told by signals: SIGHUP reloads the configuration, SIGUSR1 shows statistics.
class Daemon : public QObject
{
    Q_OBJECT

public:
    explicit Daemon(const QString &configurationFile, QObject *parent = nullptr);

    bool start();
    // Writes down what is not saved yet. Called when the application ends.
    void cleanUp();

private:
    void obey(const InterprocessQt::SignalInfo &info);
    void reload();
    void showStatistics() const;
    void work();

    InterprocessQt::SignalWatcher m_signals;
    const QString m_configurationFile;
    Configuration m_configuration;
    QTimer m_timer;
    QElapsedTimer m_running;
    qint64 m_jobs = 0;
    qint64 m_unsaved = 0;
    int m_reloads = 0;
};

#endif
