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

/*!
    \class InterprocessQt::PeerCredentials
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/PeerCredentials
    \brief Who is at the other end of a connection, as far as the operating system vouches for it.
    \reentrant

    Each part is optional: what the system does not say is \c {std::nullopt}, never a guess or a zero.

    \table
        \header \li Part \li Linux \li macOS, BSD
        \row \li processId() \li SO_PEERCRED \li not known
        \row \li userId(), groupId() \li SO_PEERCRED \li getpeereid(3)
        \row \li groupIds() \li SO_PEERGROUPS (4.13 or newer) \li not known
    \endtable

    Of these only Linux has been tried. For Windows there is nothing yet.

    What the kernel says is a snapshot (unix(7)): on the server's side, of the client when it called connect(2); on
    the client's side, of the server when it called listen(2), which after socket activation is the process that
    started the server; of a pair, of the process that made it. The snapshot outlives the process. A process id can
    belong to somebody else by the time it is used: LocalSocket::openPeerProcess() gives a handle that cannot.

    A process in another user namespace whose user has no name here shows the overflow user id, usually 65534; one in
    a pid namespace that is not visible from here shows the process id 0 (user_namespaces(7), pid_namespaces(7)).

    An object that has been moved from may only be assigned to or destroyed.

    \sa LocalSocket::peerCredentials(), LocalServer::setPeerPolicy()
*/

/*!
    \property InterprocessQt::PeerCredentials::valid
    \brief whether anything at all is known of the peer
*/

/*!
    \property InterprocessQt::PeerCredentials::sameUser
    \brief whether the peer's user id is the effective one of this process

    False if the user id is not known. The superuser is not the same user as anybody else.
*/

/*!
    Makes credentials of which nothing is known.
*/
PeerCredentials::PeerCredentials()
    : d(new PeerCredentialsPrivate)
{
}

PeerCredentials::PeerCredentials(const PeerCredentials &other) = default;
PeerCredentials::PeerCredentials(PeerCredentials &&other) noexcept = default;
PeerCredentials &PeerCredentials::operator=(const PeerCredentials &other) = default;
PeerCredentials &PeerCredentials::operator=(PeerCredentials &&other) noexcept = default;
PeerCredentials::~PeerCredentials() = default;

/*!
    Returns the credentials of this process, as its peers see them: process id, effective user and group,
    supplementary groups (getgroups(2)).
*/
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

/*!
    Returns the process id of the peer when it connected. 0 is a process that the pid namespace of this one does not
    show.
*/
std::optional<qint64> PeerCredentials::processId() const
{
    return d->pid;
}

/*!
    Returns the effective user id of the peer when it connected.
*/
std::optional<quint32> PeerCredentials::userId() const
{
    return d->uid;
}

/*!
    Returns the effective group id of the peer when it connected.
*/
std::optional<quint32> PeerCredentials::groupId() const
{
    return d->gid;
}

/*!
    Returns the supplementary groups of the peer when it connected, in the order of the system. groupId() may or may
    not be one of them.
*/
std::optional<QList<quint32>> PeerCredentials::groupIds() const
{
    return d->gids;
}

/*!
    Sets the process id to \a pid. With the other setters this is for tests of what an application makes of
    credentials; nothing is told to the system.
*/
void PeerCredentials::setProcessId(std::optional<qint64> pid)
{
    d->pid = pid;
}

/*!
    Sets the user id to \a uid.
*/
void PeerCredentials::setUserId(std::optional<quint32> uid)
{
    d->uid = uid;
}

/*!
    Sets the group id to \a gid.
*/
void PeerCredentials::setGroupId(std::optional<quint32> gid)
{
    d->gid = gid;
}

/*!
    Sets the supplementary groups to \a gids.
*/
void PeerCredentials::setGroupIds(const std::optional<QList<quint32>> &gids)
{
    d->gids = gids;
}

/*!
    \fn bool InterprocessQt::PeerCredentials::operator==(const PeerCredentials &a, const PeerCredentials &b)

    Returns true if \a a and \a b say the same, the order of the groups included. That is no proof of the same
    process: process ids are used again.
*/

/*!
    \fn bool InterprocessQt::PeerCredentials::operator!=(const PeerCredentials &a, const PeerCredentials &b)

    Returns true if \a a and \a b differ in any part.
*/

/*!
    \fn void InterprocessQt::PeerCredentials::swap(PeerCredentials &other)

    Exchanges these credentials with \a other, without copying.
*/
bool PeerCredentials::equals(const PeerCredentials &a, const PeerCredentials &b) noexcept
{
    return a.d == b.d || (a.d->pid == b.d->pid && a.d->uid == b.d->uid && a.d->gid == b.d->gid && a.d->gids == b.d->gids);
}

/*!
    \relates InterprocessQt::PeerCredentials

    Writes to \a debug the parts of \a credentials that are known.
*/
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
