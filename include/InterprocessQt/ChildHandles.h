// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_CHILDHANDLES_H
#define INTERPROCESSQT_CHILDHANDLES_H

#include <InterprocessQt/NativeHandle.h>

#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <memory>

class QProcess;

namespace InterprocessQt
{
class ChildHandlesPrivate;
class LocalSocket;
class PipeReader;
class PipeWriter;

// What a child process is to have of this one, beside its standard input, output and error.
class INTERPROCESSQT_EXPORT ChildHandles
{
public:
    static constexpr NativeHandle::Type AnyNumber = -1;

    ChildHandles();
    ~ChildHandles();
    ChildHandles(ChildHandles &&other) noexcept;
    ChildHandles &operator=(ChildHandles &&other) noexcept;
    ChildHandles(const ChildHandles &) = delete;
    ChildHandles &operator=(const ChildHandles &) = delete;

    // In the parent: each returns the number in the child, or NativeHandle::Invalid.
    NativeHandle::Type add(NativeHandle &&handle, const QString &name, NativeHandle::Type number = AnyNumber);
    NativeHandle::Type add(PipeReader *reader, const QString &name, NativeHandle::Type number = AnyNumber);
    NativeHandle::Type add(PipeWriter *writer, const QString &name, NativeHandle::Type number = AnyNumber);
    NativeHandle::Type add(LocalSocket *socket, const QString &name, NativeHandle::Type number = AnyNumber);
    [[nodiscard]] QStringList names() const;
    bool attachTo(QProcess *process);

    [[nodiscard]] int nativeError() const;
    [[nodiscard]] QString errorString() const;

    // In the child
    [[nodiscard]] static NativeHandle take(const QString &name);
    [[nodiscard]] static NativeHandle take(NativeHandle::Type number);
    [[nodiscard]] static QStringList available();

private:
    std::unique_ptr<ChildHandlesPrivate> d;
};

} // namespace InterprocessQt

#endif
