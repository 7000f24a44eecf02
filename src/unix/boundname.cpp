// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "boundname_p.h"

#include "address_p.h"
#include "namelock_p.h"
#include "socketname_p.h"
#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>

#include <cerrno>
#include <unistd.h>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalServer", text);
}

mode_t modeOf(LocalServer::SocketOptions access)
{
    // Connecting takes the right to write (unix(7)); the rest goes with it, as QLocalServer has it.
    mode_t mode = 0;
    if (access & LocalServer::UserAccessOption)
        mode |= S_IRWXU;
    if (access & LocalServer::GroupAccessOption)
        mode |= S_IRWXG;
    if (access & LocalServer::OtherAccessOption)
        mode |= S_IRWXO;
    return mode ? mode : S_IRWXU;
}

enum class Occupant {
    Gone,
    Stale, // a socket that no process has any more
    Live,
    SomethingElse,
};

/*
 * Connecting with a datagram socket tells whether a socket is behind the file without disturbing its server: a stream
 * server answers EPROTOTYPE and never hears of it, and so does one that is bound but does not listen yet. The kernel
 * says ECONNREFUSED where nobody is left. One for datagrams connects, or answers EPERM if it is connected itself.
 */
Occupant lookAt(const Address &address, const QString &live, QString &why)
{
    const SocketName name(address);
    struct stat status;
    if (sys::lstat(AddressPrivate::get(address)->native.constData(), &status) == -1) {
        why = nativeErrorText(errno);
        return errno == ENOENT ? Occupant::Gone : Occupant::SomethingElse;
    }
    if (!S_ISSOCK(status.st_mode)) {
        why = S_ISDIR(status.st_mode) ? tr("there is a directory of that name")
            : S_ISLNK(status.st_mode) ? tr("there is a symbolic link of that name")
                                      : tr("there is a file of that name that is not a socket");
        return Occupant::SomethingElse;
    }
    const NativeHandle probe(sys::socket(SOCK_DGRAM));
    if (!probe) {
        why = tr("it cannot be found out whether a server is there: %1").arg(nativeErrorText(errno));
        return Occupant::Live;
    }
    if (sys::connect(int(probe.get()), name.data(), name.length) == -1) {
        if (errno == ECONNREFUSED) {
            if (status.st_uid == geteuid() || geteuid() == 0)
                return Occupant::Stale;
            why = tr("another user (%1) has left a socket there").arg(status.st_uid);
            return Occupant::SomethingElse;
        }
        if (errno == ENOENT)
            return Occupant::Gone;
    }
    why = live;
    return Occupant::Live;
}

} // namespace

QString BoundName::operation(const Address &address) const
{
    return word("listen at %1", "bind to %1").arg(address.nativeName());
}

QString BoundName::word(const char *listening, const char *receiving) const
{
    return tr(m_purpose == Listening ? listening : receiving);
}

ErrorInfo BoundName::failed(int error, const Address &address) const
{
    return systemError(error, operation(address));
}

ErrorInfo BoundName::inUse(const Address &address, const QString &why) const
{
    return {StreamDevice::Error(LocalServer::AddressInUseError), EADDRINUSE, operation(address) + QLatin1String(": ") + why};
}

std::optional<ErrorInfo> BoundName::bind(int fd, const Address &address, const LocalListener::Options &options)
{
    const SocketName name(address);
    const bool isFile = AddressPrivate::get(address)->backing == AddressPrivate::File;
    const mode_t mode = modeOf(options.access);
    // A name gets the permissions that the socket has when it is bound, less the umask: owner only until it is there.
    if (isFile && sys::fchmod(fd, mode & S_IRWXU) == -1)
        return systemError(errno, tr("set the permissions of %1").arg(address.nativeName()));

    if (sys::bind(fd, name.data(), name.length) == -1) {
        if (errno != EADDRINUSE)
            return failed(errno, address);
        if (!isFile)
            return inUse(address, word("a server is listening there", "another socket has this name"));
        if (auto error = takeOver(fd, address, options.namePolicy))
            return error;
    }
    return isFile ? claimed(address, mode) : std::nullopt;
}

std::optional<ErrorInfo> BoundName::takeOver(int fd, const Address &address, LocalServer::NamePolicy policy)
{
    const SocketName name(address);
    const QByteArray path = AddressPrivate::get(address)->native;
    // Two that start at once must not both find the same stale file, and the second remove the name of the first.
    const NameLock lock(path);
    if (!lock.isHeld() && lock.error() != EADDRINUSE)
        return failed(lock.error(), address);
    if (!lock.isHeld())
        return inUse(address, word("another process is about to listen there", "another process is about to take this name"));

    QString why;
    const Occupant occupant = lookAt(address, word("a server is listening there", "another socket has this name"), why);
    switch (occupant) {
    case Occupant::SomethingElse:
        return inUse(address, why);
    case Occupant::Live:
        if (policy != LocalServer::NamePolicy::TakeOverAlways)
            return inUse(address, why);
        break;
    case Occupant::Stale:
        if (policy == LocalServer::NamePolicy::Exclusive)
            return inUse(address, word("a server that is gone has left its socket there", "a process that is gone has left its socket there"));
        break;
    case Occupant::Gone:
        break;
    }
    if (occupant != Occupant::Gone && sys::unlink(path.constData()) == -1 && errno != ENOENT)
        return systemError(errno, tr("remove %1").arg(address.nativeName()));
    if (sys::bind(fd, name.data(), name.length) == -1) {
        // A free name is taken without the lock: one that starts just now may have been quicker.
        return errno == EADDRINUSE ? inUse(address, word("another process has just begun to listen there", "another process has just taken this name"))
                                   : failed(errno, address);
    }
    return {};
}

std::optional<ErrorInfo> BoundName::claimed(const Address &address, mode_t mode)
{
    const QByteArray path = AddressPrivate::get(address)->native;
    struct stat status;
    if (sys::lstat(path.constData(), &status) == -1)
        return failed(errno, address);
    m_path = path;
    m_device = status.st_dev;
    m_inode = status.st_ino;
    m_owner = getpid();
    if ((status.st_mode & 0777) != mode && sys::chmodNoFollow(path.constData(), status, mode) == -1) {
        const ErrorInfo error = systemError(errno, tr("set the permissions of %1").arg(address.nativeName()));
        remove();
        return error;
    }
    return {};
}

void BoundName::remove()
{
    const QByteArray path = std::exchange(m_path, {});
    if (path.isEmpty() || m_owner != getpid())
        return;
    struct stat status;
    if (sys::lstat(path.constData(), &status) == 0 && status.st_dev == m_device && status.st_ino == m_inode)
        sys::unlink(path.constData());
}

bool removeLocalName(const Address &address)
{
    if (!address.isValid())
        return false;
    const QByteArray path = AddressPrivate::get(address)->native;
    if (AddressPrivate::get(address)->backing == AddressPrivate::NoFile)
        return true; // names without files end with their server
    struct stat status;
    if (sys::lstat(path.constData(), &status) == -1)
        return errno == ENOENT;
    return S_ISSOCK(status.st_mode) && (sys::unlink(path.constData()) == 0 || errno == ENOENT);
}

} // namespace InterprocessQt
