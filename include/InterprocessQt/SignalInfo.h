// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALINFO_H
#define INTERPROCESSQT_SIGNALINFO_H

#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>

#include <optional>

class QDebug;

namespace InterprocessQt
{

// A signal that has arrived, and what the system says of it.
class INTERPROCESSQT_EXPORT SignalInfo
{
    Q_GADGET
    Q_PROPERTY(int number READ number CONSTANT)
    Q_PROPERTY(QString name READ name CONSTANT)
    Q_PROPERTY(InterprocessQt::SignalInfo::Code code READ code CONSTANT)

public:
    enum class Code {
        Unknown,
        Sent,
        Queued,
        SentToThread,
        Timer,
        MessageQueue,
        AsynchronousIo,
        Kernel,
        Fault,
        ChildExited,
        ChildKilled,
        ChildDumpedCore,
        ChildTrapped,
        ChildStopped,
        ChildContinued,
    };
    Q_ENUM(Code)

    SignalInfo() noexcept = default;
    explicit SignalInfo(int number) noexcept
        : m_number(number)
    {
    }

    [[nodiscard]] bool isValid() const noexcept
    {
        return m_number > 0;
    }
    [[nodiscard]] int number() const noexcept
    {
        return m_number;
    }
    [[nodiscard]] QString name() const;
    [[nodiscard]] Code code() const noexcept
    {
        return m_code;
    }
    [[nodiscard]] int nativeCode() const noexcept
    {
        return m_nativeCode;
    }
    [[nodiscard]] std::optional<qint64> processId() const noexcept
    {
        return m_processId;
    }
    [[nodiscard]] std::optional<quint32> userId() const noexcept
    {
        return m_userId;
    }
    [[nodiscard]] std::optional<int> value() const noexcept
    {
        return m_value;
    }
    [[nodiscard]] std::optional<quintptr> pointerValue() const noexcept
    {
        return m_pointerValue;
    }
    [[nodiscard]] std::optional<int> childStatus() const noexcept
    {
        return m_childStatus;
    }

    void setCode(Code code, int nativeCode) noexcept
    {
        m_code = code;
        m_nativeCode = nativeCode;
    }
    void setSender(std::optional<qint64> processId, std::optional<quint32> userId) noexcept
    {
        m_processId = processId;
        m_userId = userId;
    }
    void setValue(std::optional<int> value, std::optional<quintptr> pointerValue) noexcept
    {
        m_value = value;
        m_pointerValue = pointerValue;
    }
    void setChildStatus(std::optional<int> status) noexcept
    {
        m_childStatus = status;
    }

    friend bool operator==(const SignalInfo &a, const SignalInfo &b) noexcept = default;

private:
    int m_number = 0;
    Code m_code = Code::Unknown;
    int m_nativeCode = 0;
    std::optional<qint64> m_processId;
    std::optional<quint32> m_userId;
    std::optional<int> m_value;
    std::optional<quintptr> m_pointerValue;
    std::optional<int> m_childStatus;
};

INTERPROCESSQT_EXPORT QDebug operator<<(QDebug debug, const SignalInfo &info);

} // namespace InterprocessQt

Q_DECLARE_TYPEINFO(InterprocessQt::SignalInfo, Q_RELOCATABLE_TYPE);

#endif
