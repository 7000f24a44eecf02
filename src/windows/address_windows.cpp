// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "address_p.h"

#include "pipename_p.h"
#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtCore/qstringconverter.h>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::Address", text);
}

// Windows reads the names of pipes as paths: "\\.\pipe\..\C:\file" is that file, and "\\.\pipe\..\PhysicalDrive0" a disk (Microsoft,
// "File path formats on Windows systems": device paths are normalized, too).
bool leavesThePipes(const QString &name)
{
    int depth = 0;
    const QStringList steps = QString(name).replace(QLatin1Char('\\'), QLatin1Char('/')).split(QLatin1Char('/'), Qt::SkipEmptyParts);
    for (const QString &step : steps) {
        const QString plain = step.trimmed(); // spaces at the end may not count
        if (plain == QLatin1String(".."))
            --depth;
        else if (plain != QLatin1String("."))
            ++depth;
        if (depth < 0)
            return true;
    }
    // A pipe cannot have the name of the folder of all pipes.
    return depth == 0 && !steps.isEmpty();
}

// The address of the pipe \\.\pipe\<name>, shown as the caller has it.
Address makePipeAddress(Address::Kind kind, const QString &kept, const QString &shown, const QString &name)
{
    // Half of a surrogate pair would become something else on the way.
    QStringEncoder encoder(QStringEncoder::Utf8, QStringEncoder::Flag::Stateless);
    const QByteArray bytes = encoder.encode(PipePrefix + name);
    if (encoder.hasError())
        return AddressPrivate::invalid(shown, tr("\"%1\" cannot be written in the character encoding of the system").arg(shown));
    if (name.isEmpty())
        return AddressPrivate::invalid(shown, tr("\"%1\" has no name").arg(shown));
    if (leavesThePipes(name))
        return AddressPrivate::invalid(shown, tr("\"%1\" leads out of the pipes: Windows reads it as a path").arg(shown));
    if (name.size() > maximumAddressLength())
        return AddressPrivate::invalid(
            shown,
            tr("\"%1\" is %2 characters long; the name of a pipe may have %3").arg(shown).arg(name.size()).arg(maximumAddressLength()));
    return AddressPrivate::make(kind, AddressPrivate::NoFile, kept, bytes);
}

bool isDrivePath(const QString &path)
{
    return path.size() >= 3 && path.at(1) == QLatin1Char(':') && (path.at(2) == QLatin1Char('/') || path.at(2) == QLatin1Char('\\'));
}

// \\computer\pipe\name, the only form that leads to another computer.
bool isRemotePipe(const QString &path)
{
    const QString form = QDir::fromNativeSeparators(path);
    return form.startsWith(QLatin1String("//")) && form.section(QLatin1Char('/'), 3, 3).compare(QLatin1String("pipe"), Qt::CaseInsensitive) == 0;
}

} // namespace

bool isPipePath(const QString &path)
{
    return QDir::fromNativeSeparators(path).startsWith(QLatin1String("//./pipe/"), Qt::CaseInsensitive);
}

Address makeFileAddress(const QString &path)
{
    if (isPipePath(path)) {
        const QString name = path.mid(PipePrefix.size());
        const QString full = PipePrefix + name;
        return makePipeAddress(Address::Kind::FilePath, full, full, name);
    }
    if (isRemotePipe(path))
        return AddressPrivate::invalid(path, tr("\"%1\" is on another computer").arg(path));
    // A pipe has no file. Programs that give their servers paths of files get pipes that have such a name, as with
    // QLocalServer; the separators are those that Qt uses, so that both ways to write a path lead to one pipe.
    return makePipeAddress(Address::Kind::FilePath, path, path, QDir::fromNativeSeparators(path));
}

Address makeNamespacedAddress(const QString &name)
{
    return makePipeAddress(Address::Kind::Namespaced, name, QLatin1Char('@') + name, name);
}

Address makeRuntimeAddress(const QString &name)
{
    // There is no directory that keeps others away: the name tells users apart, and the access rights of the pipe protect it.
    static const QString user = [] {
        QByteArray sid;
        sys::userOfProcess(GetCurrentProcess(), sid);
        return sys::sidText(sid);
    }();
    if (user.isEmpty())
        return AddressPrivate::invalid(name, tr("The user of this process is not known"));
    return makeFileAddress(PipePrefix + QLatin1String("interprocessqt-") + user + QLatin1Char('-') + name);
}

qsizetype maximumAddressLength()
{
    return MaximumPipeName - PipePrefix.size();
}

QString displayName(const AddressPrivate &address)
{
    return QString::fromUtf8(address.native);
}

QString pathOfBareName(const QString &name)
{
    return PipePrefix + name;
}

bool isAbsoluteName(const QString &name)
{
    return isPipePath(name) || isDrivePath(name) || name.startsWith(QLatin1Char('/')) || name.startsWith(QLatin1String("\\\\"));
}

bool isPlainFileName(const QString &name)
{
    return !QDir::fromNativeSeparators(name).contains(QLatin1Char('/'));
}

std::wstring pipeNameOf(const Address &address)
{
    return QString::fromUtf8(AddressPrivate::get(address)->native).toStdWString();
}

} // namespace InterprocessQt
