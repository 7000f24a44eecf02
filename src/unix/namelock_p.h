// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NAMELOCK_P_H
#define INTERPROCESSQT_NAMELOCK_P_H

#include <InterprocessQt/NativeHandle.h>

#include <QtCore/qbytearray.h>

namespace InterprocessQt
{

/*
 * Keeps other starters from taking over the same name meanwhile.
 *
 * A file beside it that exists only while somebody holds it. Where it cannot be made, because the directory or
 * somebody in it does not let us, there is no protection, but no obstacle either: whoever can do that could do worse.
 */
class NameLock
{
public:
    explicit NameLock(const QByteArray &path);
    ~NameLock();
    Q_DISABLE_COPY_MOVE(NameLock)

    // False if another process has held it for two seconds (EADDRINUSE), or if there is no descriptor left to ask for it.
    [[nodiscard]] bool isHeld() const noexcept
    {
        return m_held;
    }

    [[nodiscard]] int error() const noexcept
    {
        return m_error;
    }

private:
    [[nodiscard]] bool isOurs() const;
    [[nodiscard]] bool isStillThere() const;

    QByteArray m_path;
    NativeHandle m_file;
    int m_error = 0;
    bool m_held = false;
};

} // namespace InterprocessQt

#endif
