// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalInfo.h>

#include <InterprocessQt/SignalWatcher.h>

#include <QtCore/qdebug.h>

namespace InterprocessQt
{

QString SignalInfo::name() const
{
    return SignalWatcher::signalName(m_number);
}

QDebug operator<<(QDebug debug, const SignalInfo &info)
{
    const QDebugStateSaver saver(debug);
    debug.nospace().noquote() << "SignalInfo(" << info.name() << ' ' << info.code();
    if (const auto pid = info.processId())
        debug << " pid " << *pid;
    if (const auto uid = info.userId())
        debug << " uid " << *uid;
    if (const auto value = info.value())
        debug << " value " << *value;
    if (const auto status = info.childStatus())
        debug << " status " << *status;
    return debug << ')';
}

} // namespace InterprocessQt
