// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qlist.h>
#include <QtCore/qmutex.h>

#include <unistd.h>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalServer", text);
}

struct Passed {
    int fd;
    QString name;
};

// sd_listen_fds(3): so many descriptors from 3 on, meant for the process with that pid and no other.
QList<Passed> passedDescriptors()
{
    constexpr int FirstDescriptor = 3;
    bool ok = false;
    const qint64 pid = qEnvironmentVariable("LISTEN_PID").toLongLong(&ok);
    if (!ok || pid != getpid())
        return {};
    const int count = qEnvironmentVariableIntValue("LISTEN_FDS", &ok);
    if (!ok || count <= 0 || count > 1024)
        return {};
    const QStringList names = qEnvironmentVariable("LISTEN_FDNAMES").split(QLatin1Char(':'));
    QList<Passed> passed;
    for (int i = 0; i < count; ++i)
        passed.append({FirstDescriptor + i, names.value(i)});
    return passed;
}

} // namespace

ActivationResult takeActivatedHandle(const QString &name)
{
    // Each is given out once, whatever thread asks.
    static QMutex mutex;
    static QList<Passed> left = passedDescriptors();
    const QMutexLocker locker(&mutex);
    for (qsizetype i = 0; i < left.size(); ++i) {
        if (name.isEmpty() || left.at(i).name == name)
            return {left.takeAt(i).fd, {}};
    }
    return {NativeHandle::Invalid,
            {StreamDevice::ServerNotFoundError, 0,
             name.isEmpty() ? tr("No socket was passed to this process (LISTEN_PID, LISTEN_FDS), or all have been taken")
                            : tr("No socket named \"%1\" was passed to this process (LISTEN_FDNAMES), or it has been taken").arg(name)}};
}

} // namespace InterprocessQt
