// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "testpeers.h"

#include <QDir>
#include <QFile>

int Surroundings::descriptors() const
{
    return int(openDescriptors().count(QStringLiteral("socket:")));
}

QString Surroundings::openDescriptors() const
{
    QStringList list;
    const QDir directory(QStringLiteral("/proc/self/fd"));
    const QStringList names = directory.entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System);
    for (const QString &name : names)
        list.append(name + u' ' + QFile::symLinkTarget(directory.filePath(name)));
    return list.join(QStringLiteral(", "));
}

bool Surroundings::nameExists(const QString &path) const
{
    return QFile::exists(path);
}
