// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <QDir>
#include <QFile>

#include <unistd.h>

QMap<int, QString> IpcTest::openDescriptors()
{
    QMap<int, QString> open;
    // Also where there is no /proc as Linux has it, /dev/fd lists them.
    const QString folder = QFile::exists(QStringLiteral("/proc/self/fd")) ? QStringLiteral("/proc/self/fd") : QStringLiteral("/dev/fd");
    const QStringList entries = QDir(folder).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
    for (const QString &entry : entries) {
        // Not QFile::symLinkTarget(), which makes a path of what is not one, such as "socket:[4711]".
        char target[512];
        const ssize_t length = ::readlink(QFile::encodeName(folder + QLatin1Char('/') + entry).constData(), target, sizeof target);
        // The one that the listing itself used is closed by now.
        if (length > 0)
            open.insert(entry.toInt(), QFile::decodeName(QByteArray(target, qsizetype(length))));
    }
    return open;
}

// What the event loop of a thread opens once and keeps: its own wake-up, and the set of descriptors it watches.
bool IpcTest::belongsToEventLoop(const QString &target)
{
    return target.contains(QLatin1String("[eventpoll]")) || target.contains(QLatin1String("[eventfd]"));
}

bool IpcTest::isWine()
{
    return false;
}
