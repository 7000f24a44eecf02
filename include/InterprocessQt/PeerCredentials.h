// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PEERCREDENTIALS_H
#define INTERPROCESSQT_PEERCREDENTIALS_H

#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qlist.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qshareddata.h>
#include <QtCore/qstring.h>

#include <optional>

class QDebug;

namespace InterprocessQt
{
class PeerCredentialsPrivate;

// Who is at the other end, as the operating system vouches for it.
class INTERPROCESSQT_EXPORT PeerCredentials
{
    Q_GADGET
    Q_PROPERTY(bool valid READ isValid CONSTANT)
    Q_PROPERTY(bool sameUser READ isSameUser CONSTANT)

public:
    PeerCredentials();
    PeerCredentials(const PeerCredentials &other);
    PeerCredentials(PeerCredentials &&other) noexcept;
    PeerCredentials &operator=(const PeerCredentials &other);
    PeerCredentials &operator=(PeerCredentials &&other) noexcept;
    ~PeerCredentials();

    [[nodiscard]] static PeerCredentials ofThisProcess();

    [[nodiscard]] bool isValid() const noexcept;
    [[nodiscard]] bool isSameUser() const;

    [[nodiscard]] std::optional<qint64> processId() const;
    [[nodiscard]] std::optional<quint32> userId() const;
    [[nodiscard]] std::optional<quint32> groupId() const;
    [[nodiscard]] std::optional<QList<quint32>> groupIds() const;
    [[nodiscard]] std::optional<QString> securityId() const;
    [[nodiscard]] std::optional<quint32> sessionId() const;

    void setProcessId(std::optional<qint64> pid);
    void setUserId(std::optional<quint32> uid);
    void setGroupId(std::optional<quint32> gid);
    void setGroupIds(const std::optional<QList<quint32>> &gids);
    void setSecurityId(const std::optional<QString> &sid);
    void setSessionId(std::optional<quint32> session);

    void swap(PeerCredentials &other) noexcept
    {
        d.swap(other.d);
    }

    friend bool operator==(const PeerCredentials &a, const PeerCredentials &b) noexcept
    {
        return equals(a, b);
    }
    friend bool operator!=(const PeerCredentials &a, const PeerCredentials &b) noexcept
    {
        return !equals(a, b);
    }

private:
    static bool equals(const PeerCredentials &a, const PeerCredentials &b) noexcept;

    QSharedDataPointer<PeerCredentialsPrivate> d;
};

INTERPROCESSQT_EXPORT QDebug operator<<(QDebug debug, const PeerCredentials &credentials);

} // namespace InterprocessQt

Q_DECLARE_SHARED(InterprocessQt::PeerCredentials)

#endif
