// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_CHILDHANDLES_P_H
#define INTERPROCESSQT_CHILDHANDLES_P_H

#include <InterprocessQt/ChildHandles.h>

#include <QtCore/qbytearraylist.h>
#include <QtCore/qmutex.h>

#include <vector>

namespace InterprocessQt
{

// One handle, as the environment names it: "name=number:identity".
struct ChildHandleEntry {
    QString name;
    NativeHandle::Type number = NativeHandle::Invalid;
    QByteArray identity;

    [[nodiscard]] QByteArray toText() const;
    static std::vector<ChildHandleEntry> parse(const QByteArray &text); // leaves out what is not such an entry
};

// In the parent: what waits for a child.
class ChildHandlesPrivate
{
public:
    NativeHandle::Type add(NativeHandle::Type handle, const QString &name, NativeHandle::Type number); // a duplicate
    NativeHandle::Type adopt(NativeHandle &handle, const QString &name); // under its own number
    NativeHandle::Type refuse(const QString &name, const QString &reason, int native = 0); // NativeHandle::Invalid
    bool attachTo(QProcess *process);
    [[nodiscard]] QStringList names() const;

    int nativeError = 0;
    QString errorText;

private:
    struct Item {
        ChildHandleEntry entry;
        NativeHandle handle;
    };
    [[nodiscard]] bool isNameFree(const QString &name);
    NativeHandle::Type keep(NativeHandle &&handle, const QString &name);

    std::vector<Item> m_items;
};

// In the child: what the parent has handed over. Read from the environment once.
class OfferedHandles
{
public:
    static OfferedHandles &instance();
    [[nodiscard]] NativeHandle take(const QString &name);
    [[nodiscard]] NativeHandle take(NativeHandle::Type number);
    [[nodiscard]] QStringList names();

private:
    OfferedHandles();
    template<typename Condition>
    NativeHandle takeIf(Condition condition);

    QMutex m_mutex;
    std::vector<ChildHandleEntry> m_entries;
};

} // namespace InterprocessQt

#endif
