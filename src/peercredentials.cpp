// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/PeerCredentials.h>

#include "peercredentials_p.h"

#include <QtCore/qdebug.h>

namespace InterprocessQt
{

class PeerCredentialsPrivate : public QSharedData
{
public:
    std::optional<qint64> pid;
    std::optional<quint32> uid;
    std::optional<quint32> gid;
    std::optional<QList<quint32>> gids;
};

PeerCredentials::PeerCredentials()
    : d(new PeerCredentialsPrivate)
{
}

PeerCredentials::PeerCredentials(const PeerCredentials &other) = default;
PeerCredentials::PeerCredentials(PeerCredentials &&other) noexcept = default;
PeerCredentials &PeerCredentials::operator=(const PeerCredentials &other) = default;
PeerCredentials &PeerCredentials::operator=(PeerCredentials &&other) noexcept = default;
PeerCredentials::~PeerCredentials() = default;

PeerCredentials PeerCredentials::ofThisProcess()
{
    return credentialsOfThisProcess();
}

bool PeerCredentials::isValid() const noexcept
{
    return d->pid || d->uid || d->gid || d->gids;
}

bool PeerCredentials::isSameUser() const
{
    return d->uid && isUserOfThisProcess(*d->uid);
}

std::optional<qint64> PeerCredentials::processId() const
{
    return d->pid;
}

std::optional<quint32> PeerCredentials::userId() const
{
    return d->uid;
}

std::optional<quint32> PeerCredentials::groupId() const
{
    return d->gid;
}

std::optional<QList<quint32>> PeerCredentials::groupIds() const
{
    return d->gids;
}

void PeerCredentials::setProcessId(std::optional<qint64> pid)
{
    d->pid = pid;
}

void PeerCredentials::setUserId(std::optional<quint32> uid)
{
    d->uid = uid;
}

void PeerCredentials::setGroupId(std::optional<quint32> gid)
{
    d->gid = gid;
}

void PeerCredentials::setGroupIds(const std::optional<QList<quint32>> &gids)
{
    d->gids = gids;
}

bool PeerCredentials::equals(const PeerCredentials &a, const PeerCredentials &b) noexcept
{
    return a.d == b.d
        || (a.d->pid == b.d->pid && a.d->uid == b.d->uid && a.d->gid == b.d->gid && a.d->gids == b.d->gids);
}

QDebug operator<<(QDebug debug, const PeerCredentials &credentials)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << "PeerCredentials(";
    if (const auto pid = credentials.processId())
        debug << "pid " << *pid << ' ';
    if (const auto uid = credentials.userId())
        debug << "uid " << *uid << ' ';
    if (const auto gid = credentials.groupId())
        debug << "gid " << *gid << ' ';
    if (const auto gids = credentials.groupIds())
        debug << "groups " << *gids;
    return debug << ')';
}

} // namespace InterprocessQt
