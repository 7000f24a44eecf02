// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include "syscalls_p.h"

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
    QList<Passed> found;
    for (int i = 0; i < count; ++i) {
        // As sd_listen_fds() does: they are for this process, and not for those that it starts.
        if (sys::closeOnExec(FirstDescriptor + i) == 0)
            found.append({FirstDescriptor + i, names.value(i)});
    }
    return found;
}

// What has not been taken yet; whatever thread asks, each is given out once.
QMutex mutex;
QList<Passed> &passed()
{
    static QList<Passed> left = passedDescriptors();
    return left;
}

} // namespace

ActivationResult takeActivatedHandle(const QString &name)
{
    const QMutexLocker locker(&mutex);
    QList<Passed> &left = passed();
    for (qsizetype i = 0; i < left.size(); ++i) {
        if (name.isEmpty() || left.at(i).name == name) {
            const Passed taken = left.takeAt(i);
            return {taken.fd, taken.name, {}};
        }
    }
    return {NativeHandle::Invalid,
            name,
            {StreamDevice::ServerNotFoundError,
             0,
             name.isEmpty() ? tr("No socket was passed to this process (LISTEN_PID, LISTEN_FDS), or all have been taken")
                            : tr("No socket named \"%1\" was passed to this process (LISTEN_FDNAMES), or it has been taken").arg(name)}};
}

void returnActivatedHandle(NativeHandle::Type handle, const QString &name)
{
    const QMutexLocker locker(&mutex);
    passed().append({int(handle), name});
}

} // namespace InterprocessQt
