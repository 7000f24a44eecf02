// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "serviceprocess.h"

#include <InterprocessQt/Address>
#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>

#include <csignal>

using namespace InterprocessQt;

namespace
{
constexpr int TimeToEnd = 5000; // milliseconds
}

ServiceProcess::ServiceProcess(QObject *parent)
    : QObject(parent)
{
    // What it says appears where we say it, what is typed is not for it.
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    m_process.setStandardInputFile(QProcess::nullDevice());
    connect(&m_process, &QProcess::finished, this, &ServiceProcess::ended);
}

ServiceProcess::~ServiceProcess()
{
    m_process.disconnect(this);
    waitForEnd();
    m_process.kill();
    m_process.waitForFinished();
}

bool ServiceProcess::start(const Address &address)
{
    m_process.start(QCoreApplication::applicationFilePath(), {"--serve", address.toString(), "--until-terminated"});
    const bool isStarted = m_process.waitForStarted();
    if (!isStarted)
        m_errorString = m_process.errorString();
    return isStarted;
}

QString ServiceProcess::errorString() const
{
    return m_errorString;
}

qint64 ServiceProcess::processId() const
{
    return m_process.processId();
}

bool ServiceProcess::terminate()
{
    const auto result = SignalWatcher::send(m_process.processId(), SIGTERM);
    m_errorString = result.errorString;
    return bool(result);
}

bool ServiceProcess::waitForEnd()
{
    if (m_process.state() != QProcess::NotRunning)
        m_process.waitForFinished(TimeToEnd);
    return m_process.state() == QProcess::NotRunning && m_process.exitStatus() == QProcess::NormalExit && m_process.exitCode() == 0;
}

QString ServiceProcess::describeEnd() const
{
    if (m_process.state() != QProcess::NotRunning)
        return "it is still running";
    if (m_process.exitStatus() == QProcess::CrashExit)
        return "it has crashed, or was killed";
    return QString("exit code %1").arg(m_process.exitCode());
}
