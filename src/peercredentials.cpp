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
    std::optional<QString> sid;
    std::optional<quint32> session;

    bool operator==(const PeerCredentialsPrivate &other) const noexcept
    {
        return pid == other.pid && uid == other.uid && gid == other.gid && gids == other.gids && sid == other.sid && session == other.session;
    }
};

/*!
    \class InterprocessQt::PeerCredentials
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/PeerCredentials
    \brief Who is at the other end of a connection, as far as the operating system vouches for it.
    \reentrant

    Each part is optional: what the system does not say is \c {std::nullopt}, never a guess or a zero.

    \table
        \header \li Part \li Linux \li macOS, BSD \li Windows
        \row \li processId() \li SO_PEERCRED \li not known \li GetNamedPipeClientProcessId(), GetNamedPipeServerProcessId()
        \row \li userId(), groupId() \li SO_PEERCRED \li getpeereid(3) \li not known
        \row \li groupIds() \li SO_PEERGROUPS (4.13 or newer) \li not known \li not known
        \row \li securityId() \li not known \li not known \li the user in the token of that process
        \row \li sessionId() \li not known \li not known \li GetNamedPipeClientSessionId(), GetNamedPipeServerSessionId()
    \endtable

    Of these Linux has been tried, and Windows as far as Wine is like it. On Windows the process that opened the pipe is
    asked for its user when peerCredentials() is called: securityId() is not known if it has ended by then or may not be
    asked (OpenProcess(), which needs \c PROCESS_QUERY_LIMITED_INFORMATION). A pipe handed on to another process still
    shows the one that opened it.

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
    \brief whether the peer's user is the effective one of this process

    Compares userId(), or securityId() on Windows. False if that is not known. The superuser is not the same user as anybody else.
*/

/*!
    Makes credentials of which nothing is known.
*/
PeerCredentials::PeerCredentials()
    : d(new PeerCredentialsPrivate)
{
}

/*!
    Makes a copy of \a other.
*/
PeerCredentials::PeerCredentials(const PeerCredentials &other) = default;

/*!
    Takes what \a other is, which may only be assigned to or destroyed then.
*/
PeerCredentials::PeerCredentials(PeerCredentials &&other) noexcept = default;

/*!
    Becomes a copy of \a other.
*/
PeerCredentials &PeerCredentials::operator=(const PeerCredentials &other) = default;

/*!
    Takes what \a other is, which may only be assigned to or destroyed then.
*/
PeerCredentials &PeerCredentials::operator=(PeerCredentials &&other) noexcept = default;

/*!
    Frees what was known.
*/
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
    return d->pid || d->uid || d->gid || d->gids || d->sid || d->session;
}

bool PeerCredentials::isSameUser() const
{
    return isUserOfThisProcess(*this);
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
    Returns the security identifier of the peer's user, as \c {S-1-5-21-…}. Windows only.
*/
std::optional<QString> PeerCredentials::securityId() const
{
    return d->sid;
}

/*!
    Returns the number of the session in which the peer runs: 0 is that of the services, each user who has logged on has
    another one. Windows only.
*/
std::optional<quint32> PeerCredentials::sessionId() const
{
    return d->session;
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
    Sets the security identifier to \a sid.
*/
void PeerCredentials::setSecurityId(const std::optional<QString> &sid)
{
    d->sid = sid;
}

/*!
    Sets the session to \a session.
*/
void PeerCredentials::setSessionId(std::optional<quint32> session)
{
    d->session = session;
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
    return a.d == b.d || *a.d == *b.d;
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
        debug << "groups " << *gids << ' ';
    if (const auto sid = credentials.securityId())
        debug << "user " << qPrintable(*sid) << ' ';
    if (const auto session = credentials.sessionId())
        debug << "session " << *session;
    return debug << ')';
}

} // namespace InterprocessQt
