// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "system.h"

#include <InterprocessQt/PeerCredentials>

#include <QFileInfo>
#include <QStringList>

#include <pwd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace InterprocessQt;

QString describe(const PeerCredentials &peer)
{
    QStringList parts;
    if (const auto pid = peer.processId()) {
        // The name is for show only: the process that has this number by now need not be the one that connected.
        const QString program = QFileInfo(QString("/proc/%1/exe").arg(*pid)).symLinkTarget();
        parts += QString("process %1").arg(*pid) + (program.isEmpty() ? QString() : QString(" (%1)").arg(QFileInfo(program).fileName()));
    }
    if (const auto uid = peer.userId()) {
        const passwd *user = getpwuid(*uid);
        parts += user ? QString("user %1 (%2)").arg(QString::fromLocal8Bit(user->pw_name)).arg(*uid) : QString("user %1").arg(*uid);
    }
    return parts.isEmpty() ? QString("somebody of whom this system tells nothing") : parts.join(", ");
}

quint64 peakMemory()
{
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
#ifdef Q_OS_DARWIN
    return quint64(usage.ru_maxrss);
#else
    return quint64(usage.ru_maxrss) * 1024;
#endif
}

int terminalWidth()
{
    if (!isatty(STDOUT_FILENO) || qgetenv("TERM") == "dumb")
        return 0;
    winsize size = {};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == -1 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}
