// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_IMPERSONATIONGUARD_H
#define INTERPROCESSQT_IMPERSONATIONGUARD_H

#include <InterprocessQt/StreamDevice.h>

#include <QtCore/qstring.h>

namespace InterprocessQt
{
class NamedPipe;

// Lets the calling thread act as the client of a pipe for as long as it exists.
class INTERPROCESSQT_EXPORT ImpersonationGuard
{
public:
    explicit ImpersonationGuard(const NamedPipe &pipe);
    ~ImpersonationGuard();
    Q_DISABLE_COPY_MOVE(ImpersonationGuard)

    [[nodiscard]] bool isActive() const noexcept;
    explicit operator bool() const noexcept
    {
        return isActive();
    }
    void revert();

    [[nodiscard]] StreamDevice::Error error() const noexcept;
    [[nodiscard]] int nativeError() const noexcept;
    [[nodiscard]] QString errorString() const;

private:
    quint32 m_thread = 0; // that acts as somebody else; 0: none
    int m_nativeError = 0;
    StreamDevice::Error m_error = StreamDevice::UnknownSocketError;
    QString m_errorString;
};

} // namespace InterprocessQt

#endif
