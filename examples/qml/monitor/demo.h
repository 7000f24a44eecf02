// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef MONITOR_DEMO_H
#define MONITOR_DEMO_H

#include <QObject>
#include <QProcess>

#include <memory>
#include <vector>

// The service of the demo, and clients of it, each in a process of its own.
class Demo : public QObject
{
    Q_OBJECT

public:
    // What they say goes where this process says what it has to say.
    Demo(const QString &service, const QString &monitor, QObject *parent = nullptr);
    ~Demo() override;

    // False, and it says why, if the program of the demo is not there.
    bool start();

public Q_SLOTS:
    void runClient();

private:
    QString m_program;
    QString m_serviceAddress;
    QString m_monitorAddress;
    QProcess m_service;
    std::vector<std::unique_ptr<QProcess>> m_clients;
};

#endif
