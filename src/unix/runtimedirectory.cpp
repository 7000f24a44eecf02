// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "runtimedirectory_p.h"

#include "stream/error_p.h"
#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>

#include <cerrno>
#include <unistd.h>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::Address", text);
}

// Whoever else can write there, or made it, could listen in our name.
QString flawOf(const QString &path)
{
    struct stat status;
    if (sys::lstat(QFile::encodeName(path).constData(), &status) == -1)
        return nativeErrorText(errno);
    if (S_ISLNK(status.st_mode))
        return tr("it is a symbolic link");
    if (!S_ISDIR(status.st_mode))
        return tr("it is not a directory");
    if (status.st_uid != geteuid())
        return tr("it belongs to another user (%1)").arg(status.st_uid);
    if (status.st_mode & (S_IRWXG | S_IRWXO))
        return tr("other users have access to it (mode %1)").arg(uint(status.st_mode & 07777), 4, 8, QLatin1Char('0'));
    return {};
}

RuntimeDirectory checked(const QString &path)
{
    const QString flaw = flawOf(path);
    if (flaw.isEmpty())
        return {path, {}};
    return {{}, tr("The runtime directory \"%1\" cannot be used: %2").arg(path, flaw)};
}

} // namespace

RuntimeDirectory RuntimeDirectory::find()
{
    // An unset variable is normal for services; a wrong one is not passed over, for other processes would go by it.
    const QString fromEnvironment = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (!fromEnvironment.isEmpty()) {
        if (!QDir::isAbsolutePath(fromEnvironment))
            return {{}, tr("XDG_RUNTIME_DIR is not an absolute path: \"%1\"").arg(fromEnvironment)};
        return checked(QDir::cleanPath(fromEnvironment));
    }
    const QString own = QStringLiteral("/tmp/interprocessqt-%1").arg(geteuid());
    // Its mode is part of the call, so there is no moment in which others could get in.
    if (sys::mkdir(QFile::encodeName(own).constData(), S_IRWXU) == -1 && errno != EEXIST)
        return {{}, tr("The runtime directory \"%1\" cannot be made: %2").arg(own, nativeErrorText(errno))};
    return checked(own);
}

} // namespace InterprocessQt
