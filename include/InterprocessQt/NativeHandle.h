// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NATIVEHANDLE_H
#define INTERPROCESSQT_NATIVEHANDLE_H

#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qglobal.h>
#include <QtCore/qiodevicebase.h>

#include <memory>
#include <utility>

class QFile;

namespace InterprocessQt
{

// The move-only owner of a file descriptor (Unix) or HANDLE (Windows).
class INTERPROCESSQT_EXPORT NativeHandle
{
public:
    using Type = qintptr;
    static constexpr Type Invalid = -1;

    constexpr NativeHandle() noexcept = default;
    constexpr explicit NativeHandle(Type handle) noexcept
        : m_handle(handle)
    {
    }
    NativeHandle(NativeHandle &&other) noexcept
        : m_handle(other.release())
    {
    }
    NativeHandle &operator=(NativeHandle &&other) noexcept
    {
        if (this != &other)
            reset(other.release());
        return *this;
    }
    NativeHandle(const NativeHandle &) = delete;
    NativeHandle &operator=(const NativeHandle &) = delete;
    ~NativeHandle()
    {
        if (m_handle != Invalid)
            reset();
    }

    [[nodiscard]] constexpr bool isValid() const noexcept
    {
        return m_handle != Invalid;
    }
    constexpr explicit operator bool() const noexcept
    {
        return isValid();
    }
    [[nodiscard]] constexpr Type get() const noexcept
    {
        return m_handle;
    }
    [[nodiscard]] Type release() noexcept
    {
        return std::exchange(m_handle, Invalid);
    }
    void reset(Type handle = Invalid) noexcept;
    void swap(NativeHandle &other) noexcept
    {
        std::swap(m_handle, other.m_handle);
    }

    [[nodiscard]] NativeHandle duplicate(int *nativeError = nullptr) const noexcept;
    [[nodiscard]] std::shared_ptr<NativeHandle> share() &&;
    [[nodiscard]] bool moveTo(QFile &file, QIODeviceBase::OpenMode openMode);

private:
    Type m_handle = Invalid;
};

} // namespace InterprocessQt

#endif
