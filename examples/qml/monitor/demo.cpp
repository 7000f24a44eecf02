// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "demo.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>

Demo::Demo(const QString &service, const QString &monitor, QObject *parent)
    : QObject(parent)
    , m_program(QCoreApplication::applicationDirPath() + QStringLiteral("/interprocessqt-tour"))
    , m_serviceAddress(service)
    , m_monitorAddress(monitor)
{
    m_service.setProcessChannelMode(QProcess::ForwardedChannels);
}

Demo::~Demo()
{
    m_clients.clear(); // and they are killed, if they still run
    // It ends by itself when its last client has gone, the monitor's own among them.
    if (m_service.state() != QProcess::NotRunning && !m_service.waitForFinished(2000)) {
        m_service.terminate();
        m_service.waitForFinished();
    }
}

bool Demo::start()
{
    m_service.start(m_program, {QStringLiteral("--serve"), m_serviceAddress});
    if (m_service.waitForStarted())
        return true;
    std::fprintf(stderr, "%s: %s\n", qPrintable(m_program), qPrintable(m_service.errorString()));
    return false;
}

void Demo::runClient()
{
    std::erase_if(m_clients, [](const std::unique_ptr<QProcess> &client) {
        return client->state() == QProcess::NotRunning;
    });
    auto client = std::make_unique<QProcess>();
    client->setProcessChannelMode(QProcess::ForwardedChannels);
    client->start(m_program, {QStringLiteral("--client"), m_monitorAddress});
    m_clients.push_back(std::move(client));
}
