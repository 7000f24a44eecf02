// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "childhandles_p.h"

#include "childhandlesbackend_p.h"
#include "stream/error_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qprocess.h>
#include <QtCore/qstringlist.h>

#include <algorithm>
#include <utility>

namespace InterprocessQt
{

namespace
{

constexpr char VariableName[] = "INTERPROCESSQT_HANDLES";

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::ChildHandles", text);
}

QString variable()
{
    return QString::fromLatin1(VariableName);
}

QString textOf(const std::vector<ChildHandleEntry> &entries)
{
    QByteArrayList texts;
    for (const ChildHandleEntry &entry : entries)
        texts.append(entry.toText());
    return QString::fromLatin1(texts.join(';'));
}

// The environment of a process names what was handed over as long as it is there.
void addToEnvironment(QProcess *process, const std::vector<ChildHandleEntry> &added)
{
    QProcessEnvironment environment = process->processEnvironment();
    std::vector<ChildHandleEntry> entries;
    if (environment.inheritsFromParent())
        environment = QProcessEnvironment::systemEnvironment(); // of which what was handed to us is not for our children
    else
        entries = ChildHandleEntry::parse(environment.value(variable()).toLatin1());
    entries.insert(entries.end(), added.begin(), added.end());
    environment.insert(variable(), textOf(entries));
    process->setProcessEnvironment(environment);
}

void removeFromEnvironment(QProcess *process, const std::vector<ChildHandleEntry> &removed)
{
    QProcessEnvironment environment = process->processEnvironment();
    std::vector<ChildHandleEntry> entries = ChildHandleEntry::parse(environment.value(variable()).toLatin1());
    entries.erase(std::remove_if(entries.begin(),
                                 entries.end(),
                                 [&](const ChildHandleEntry &entry) {
                                     return std::any_of(removed.begin(), removed.end(), [&](const ChildHandleEntry &gone) {
                                         return gone.name == entry.name;
                                     });
                                 }),
                  entries.end());
    if (entries.empty())
        environment.remove(variable());
    else
        environment.insert(variable(), textOf(entries));
    if (environment == QProcessEnvironment::systemEnvironment())
        environment = QProcessEnvironment(QProcessEnvironment::InheritFromParent);
    process->setProcessEnvironment(environment);
}

} // namespace

// ---- Entries

QByteArray ChildHandleEntry::toText() const
{
    return name.toUtf8().toPercentEncoding() + '=' + QByteArray::number(number) + ':' + identity;
}

std::vector<ChildHandleEntry> ChildHandleEntry::parse(const QByteArray &text)
{
    std::vector<ChildHandleEntry> entries;
    const QByteArrayList parts = text.split(';');
    for (const QByteArray &part : parts) {
        const qsizetype equals = part.indexOf('=');
        const qsizetype colon = part.indexOf(':', equals + 1);
        if (equals <= 0 || colon < 0)
            continue;
        bool isNumber = false;
        const NativeHandle::Type number = NativeHandle::Type(part.mid(equals + 1, colon - equals - 1).toLongLong(&isNumber));
        if (isNumber && number >= 0)
            entries.push_back({QString::fromUtf8(QByteArray::fromPercentEncoding(part.left(equals))), number, part.mid(colon + 1)});
    }
    return entries;
}

// ---- In the parent

NativeHandle::Type ChildHandlesPrivate::refuse(const QString &name, const QString &reason, int native)
{
    nativeError = native;
    errorText = tr("hand over %1: ").arg(name) + reason;
    return NativeHandle::Invalid;
}

bool ChildHandlesPrivate::isNameFree(const QString &name)
{
    const auto sameName = [&](const Item &item) {
        return item.entry.name == name;
    };
    if (!name.isEmpty() && std::none_of(m_items.begin(), m_items.end(), sameName))
        return true;
    refuse(name, name.isEmpty() ? tr("it has no name") : tr("there is something of that name already"));
    return false;
}

NativeHandle::Type ChildHandlesPrivate::keep(NativeHandle &&handle, const QString &name)
{
    const NativeHandle::Type number = handle.get();
    m_items.push_back({{name, number, handleIdentity(number)}, std::move(handle)});
    return number;
}

NativeHandle::Type ChildHandlesPrivate::add(NativeHandle::Type handle, const QString &name, NativeHandle::Type number)
{
    if (!isNameFree(name))
        return NativeHandle::Invalid;
    int flaw = 0;
    NativeHandle copy = duplicateForChild(handle, number, flaw);
    return flaw == 0 ? keep(std::move(copy), name) : refuse(name, nativeErrorText(flaw), flaw);
}

NativeHandle::Type ChildHandlesPrivate::adopt(NativeHandle &handle, const QString &name)
{
    if (!isNameFree(name))
        return NativeHandle::Invalid;
    const int flaw = prepareForChild(handle.get());
    return flaw == 0 ? keep(std::move(handle), name) : refuse(name, nativeErrorText(flaw), flaw);
}

QStringList ChildHandlesPrivate::names() const
{
    QStringList names;
    for (const Item &item : m_items)
        names.append(item.entry.name);
    return names;
}

bool ChildHandlesPrivate::attachTo(QProcess *process)
{
    if (process->state() != QProcess::NotRunning) {
        refuse(names().join(QLatin1String(", ")), tr("the process is running already"));
        return false;
    }
    const QProcessEnvironment environment = process->processEnvironment();
    if (!environment.inheritsFromParent()) {
        for (const ChildHandleEntry &there : ChildHandleEntry::parse(environment.value(variable()).toLatin1())) {
            if (names().contains(there.name)) {
                refuse(there.name, tr("the process is to have something of that name already"));
                return false;
            }
        }
    }
    const auto inheritance = std::make_shared<ChildInheritance>();
    std::vector<ChildHandleEntry> entries;
    for (Item &item : m_items) {
        entries.push_back(std::move(item.entry));
        inheritance->handles.push_back(std::move(item.handle));
    }
    m_items.clear();
    addToEnvironment(process, entries);
    inheritInChild(process, inheritance);

    struct Connections {
        QMetaObject::Connection started;
        QMetaObject::Connection failed;
    };
    const auto connections = std::make_shared<Connections>();
    const auto childHasThem = [process, inheritance, entries, connections] {
        if (std::exchange(inheritance->done, true))
            return;
        inheritance->handles.clear(); // the end of a stream is seen when the child alone has it
        removeFromEnvironment(process, entries);
        // A process may be started again and again.
        forgetInheritance(process);
        const auto kept = connections; // this function is destroyed with them
        QObject::disconnect(kept->started);
        QObject::disconnect(kept->failed);
    };
    connections->started = QObject::connect(process, &QProcess::started, process, childHasThem, Qt::DirectConnection);
    connections->failed = QObject::connect(
        process,
        &QProcess::errorOccurred,
        process,
        [childHasThem](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                childHasThem();
        },
        Qt::DirectConnection);
    return true;
}

// ---- In the child

OfferedHandles &OfferedHandles::instance()
{
    static OfferedHandles offered;
    return offered;
}

OfferedHandles::OfferedHandles()
{
    const std::vector<ChildHandleEntry> entries = ChildHandleEntry::parse(qgetenv(VariableName));
    qunsetenv(VariableName);
    for (const ChildHandleEntry &entry : entries) {
        const QByteArray identity = handleIdentity(entry.number);
        if (identity.isEmpty() || identity != entry.identity)
            continue; // it got lost on the way; the number may be somebody else's by now
        const auto sameNumber = [&](const ChildHandleEntry &other) {
            return other.number == entry.number;
        };
        if (std::any_of(m_entries.begin(), m_entries.end(), sameNumber))
            continue; // who takes one closes it: there must not be two
        keepFromChildren(entry.number);
        m_entries.push_back(entry);
    }
}

template<typename Condition>
NativeHandle OfferedHandles::takeIf(Condition condition)
{
    const QMutexLocker locker(&m_mutex);
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), condition);
    if (found == m_entries.end())
        return {};
    NativeHandle handle(found->number);
    m_entries.erase(found);
    return handle;
}

NativeHandle OfferedHandles::take(const QString &name)
{
    return takeIf([&](const ChildHandleEntry &entry) {
        return entry.name == name;
    });
}

NativeHandle OfferedHandles::take(NativeHandle::Type number)
{
    return takeIf([&](const ChildHandleEntry &entry) {
        return entry.number == number;
    });
}

QStringList OfferedHandles::names()
{
    const QMutexLocker locker(&m_mutex);
    QStringList names;
    for (const ChildHandleEntry &entry : m_entries)
        names.append(entry.name);
    return names;
}

} // namespace InterprocessQt
