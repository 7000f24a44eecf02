// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/Fifo.h>

#include "stream/error_p.h"
#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>

#include <cerrno>
#include <unistd.h>

namespace InterprocessQt
{

class FifoPrivate
{
public:
    void create(QFileDevice::Permissions permissions, Fifo::NamePolicy policy);
    [[nodiscard]] bool made(mode_t mode);
    [[nodiscard]] bool found(mode_t mode, Fifo::NamePolicy policy);
    [[nodiscard]] bool remove();
    bool fail(int error);
    bool fail(Fifo::Error code, int error, const QString &why);
    [[nodiscard]] static QString tr(const char *text)
    {
        return QCoreApplication::translate("InterprocessQt::Fifo", text);
    }

    QString path;
    QByteArray name;
    QString errorString;
    Fifo::Error error = Fifo::UnknownError;
    int nativeError = 0;
    struct stat file = {};
    pid_t owner = 0; // the process that removes it; 0: nothing to remove
};

namespace
{
mode_t modeOf(QFileDevice::Permissions permissions)
{
    using Device = QFileDevice;
    mode_t mode = 0;
    const auto add = [&](Device::Permissions permission, mode_t bit) {
        if (permissions & permission)
            mode |= bit;
    };
    add(Device::ReadOwner | Device::ReadUser, S_IRUSR);
    add(Device::WriteOwner | Device::WriteUser, S_IWUSR);
    add(Device::ExeOwner | Device::ExeUser, S_IXUSR);
    add(Device::ReadGroup, S_IRGRP);
    add(Device::WriteGroup, S_IWGRP);
    add(Device::ExeGroup, S_IXGRP);
    add(Device::ReadOther, S_IROTH);
    add(Device::WriteOther, S_IWOTH);
    add(Device::ExeOther, S_IXOTH);
    return mode;
}

constexpr mode_t PermissionBits = 07777;
} // namespace

bool FifoPrivate::fail(int native)
{
    const ErrorInfo info = systemError(native, tr("make the FIFO %1").arg(path));
    error = Fifo::Error(info.code);
    nativeError = native;
    errorString = info.text;
    return false;
}

bool FifoPrivate::fail(Fifo::Error code, int native, const QString &why)
{
    error = code;
    nativeError = native;
    errorString = tr("make the FIFO %1").arg(path) + QLatin1String(": ") + why;
    return false;
}

void FifoPrivate::create(QFileDevice::Permissions permissions, Fifo::NamePolicy policy)
{
    if (name.contains('\0')) {
        fail(Fifo::OperationError, 0, tr("a path has no null characters"));
        return;
    }
    const mode_t mode = modeOf(permissions);
    // A few times: what was in the way may be gone when it is looked at.
    for (int attempt = 0; attempt < 10; ++attempt) {
        // Nobody else can open it before it is what was asked for; the umask may take away even more.
        if (sys::mkfifo(name.constData(), mode & S_IRWXU) == 0) {
            static_cast<void>(made(mode));
            return;
        }
        if (errno != EEXIST) {
            fail(errno);
            return;
        }
        if (found(mode, policy) || nativeError != ENOENT)
            return;
    }
}

bool FifoPrivate::made(mode_t mode)
{
    struct stat status;
    if (sys::lstat(name.constData(), &status) == -1)
        return fail(errno);
    // In a directory in which others may rename: what is there is not what has just been made, and stays as it is.
    if (!S_ISFIFO(status.st_mode) || status.st_uid != geteuid() || (status.st_mode & PermissionBits & ~mode) != 0)
        return fail(Fifo::NameInUseError, EEXIST, tr("it was exchanged for something else right after it was made"));
    file = status;
    owner = getpid();
    // The file that was looked at, and no other that has got its name meanwhile.
    if ((status.st_mode & PermissionBits) != mode && sys::chmodNoFollow(name.constData(), status, mode) == -1) {
        fail(errno);
        static_cast<void>(remove());
        return false;
    }
    return true;
}

bool FifoPrivate::found(mode_t mode, Fifo::NamePolicy policy)
{
    struct stat status;
    if (sys::lstat(name.constData(), &status) == -1)
        return fail(errno);
    if (!S_ISFIFO(status.st_mode)) {
        return fail(Fifo::NameInUseError,
                    EEXIST,
                    S_ISDIR(status.st_mode)       ? tr("there is a directory of that name")
                        : S_ISLNK(status.st_mode) ? tr("there is a symbolic link of that name")
                                                  : tr("there is a file of that name that is not a FIFO"));
    }
    if (policy == Fifo::NamePolicy::Exclusive)
        return fail(Fifo::NameInUseError, EEXIST, tr("there is a FIFO of that name"));
    if (status.st_uid != geteuid())
        return fail(Fifo::AccessError, EEXIST, tr("there is a FIFO of that name that belongs to another user (%1)").arg(status.st_uid));
    if ((status.st_mode & PermissionBits) != mode && sys::chmodNoFollow(name.constData(), status, mode) == -1)
        return fail(errno);
    file = status;
    owner = getpid();
    return true;
}

bool FifoPrivate::remove()
{
    if (std::exchange(owner, 0) != getpid())
        return false;
    struct stat status;
    return sys::lstat(name.constData(), &status) == 0 && status.st_dev == file.st_dev && status.st_ino == file.st_ino && S_ISFIFO(status.st_mode)
        && sys::unlink(name.constData()) == 0;
}

/*!
    \class InterprocessQt::Fifo
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/Fifo
    \brief The owner of a FIFO file: makes it, and removes it when it ends.
    \reentrant

    \snippet snippets/fifo.cpp create

    A FIFO is a pipe with a name in the file system. What one program writes into it another reads: with FifoWriter and
    FifoReader, or with anything that can open a file. This class does neither; it has the file made as it is to be, and
    removed.

    Objects of it can be moved, not copied.

    \sa {FIFO files}
*/

/*!
    \enum InterprocessQt::Fifo::Error

    Why there is no FIFO. Where StreamDevice::Error has the same, the values are the same.

    \value UnknownError  No error, or one that none of the others stands for.
    \value NotFoundError  The directory does not exist (ENOENT, ENOTDIR, ELOOP), is on a file system that cannot be written
           to (EROFS), or the name is too long (ENAMETOOLONG).
    \value AccessError  The permissions of the directory forbid it (EACCES), or the file system has no FIFOs (EPERM), or
           the FIFO that was to be used belongs to another user (EEXIST).
    \value ResourceError  No space is left, or no memory (ENOSPC, ENOMEM).
    \value NameInUseError  Something has this name already (EEXIST).
    \value UnsupportedOperationError  Not possible on this system (ENOSYS, EOPNOTSUPP).
    \value OperationError  No path at all, for it has a null character (no native code).
*/

/*!
    \enum InterprocessQt::Fifo::NamePolicy

    What create() does when there is a FIFO of that name already.

    \value Exclusive  That is an error.
    \value UseExisting  It is used, with the permissions that were asked for from now on, if it belongs to this user; not
           even root uses those of others. It is this object's from then on, and removed in the end. Nobody can tell
           whether a FIFO was left behind or is in use: this is for a name that belongs to one program.
*/

/*!
    \variable InterprocessQt::Fifo::DefaultPermissions
    \brief what create() gives unless it is told otherwise: to read and to write, for this user alone (0600)
*/

/*!
    Makes an object that owns nothing.
*/
Fifo::Fifo() noexcept = default;

/*!
    Takes over what \a other owns.
*/
Fifo::Fifo(Fifo &&other) noexcept = default;

/*!
    Removes the FIFO that was owned before, and takes over what \a other owns.
*/
Fifo &Fifo::operator=(Fifo &&other) noexcept
{
    if (this != &other) {
        remove();
        d = std::move(other.d);
    }
    return *this;
}

/*!
    Removes the FIFO, as remove() does.
*/
Fifo::~Fifo()
{
    remove();
}

/*!
    Makes a FIFO at \a path, and returns its owner. If there is none, isValid() is false and error() says why.

    It has exactly the \a permissions, whatever the umask, and at no moment more than those. To write into it takes the
    permission to write, to read from it that to read. What the name stands for already is an error or, if it is a FIFO, what
    \a policy says. A symbolic link is not followed.
*/
Fifo Fifo::create(const QString &path, QFileDevice::Permissions permissions, NamePolicy policy)
{
    Fifo fifo;
    fifo.d = std::make_unique<FifoPrivate>();
    fifo.d->path = path;
    fifo.d->name = QFile::encodeName(path);
    fifo.d->create(permissions, policy);
    if (fifo.isValid()) { // what was in the way at first is gone
        fifo.d->error = UnknownError;
        fifo.d->nativeError = 0;
        fifo.d->errorString.clear();
    }
    return fifo;
}

/*!
    Returns true if this object owns a FIFO.
*/
bool Fifo::isValid() const noexcept
{
    return d && d->owner != 0;
}

/*!
    Returns what was given to create().
*/
QString Fifo::path() const
{
    return d ? d->path : QString();
}

/*!
    Removes the file, if it is still the one that is owned, and owns nothing from then on. Returns true if it was removed.
    Who has it open can go on with it. In a child made by fork() nothing is removed.
*/
bool Fifo::remove()
{
    return d && d->remove();
}

/*!
    Leaves the file where it is, and owns nothing from then on.
*/
void Fifo::release()
{
    if (d)
        d->owner = 0;
}

/*!
    Returns why there is no FIFO.
*/
Fifo::Error Fifo::error() const noexcept
{
    return d ? d->error : UnknownError;
}

/*!
    Returns the code of the system that belongs to error(), \c errno; 0 where the system was not asked.
*/
int Fifo::nativeError() const noexcept
{
    return d ? d->nativeError : 0;
}

/*!
    Returns the text of error(), with the path and the text of the system.
*/
QString Fifo::errorString() const
{
    return d ? d->errorString : QString();
}

} // namespace InterprocessQt
