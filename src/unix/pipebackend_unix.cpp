// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipe/pipebackend_p.h"

#include "pipeio_p.h"
#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>

#include <cerrno>
#include <fcntl.h>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::Pipe", text);
}

bool fits(int accessMode, PipeDirection direction)
{
    return accessMode == O_RDWR || accessMode == (direction == PipeDirection::Reading ? O_RDONLY : O_WRONLY);
}

struct Opened {
    NativeHandle descriptor;
    PipeIo::Access access;
};

enum class Sharing {
    Unlikely, // it was given to us: if it is non-blocking somebody meant it to be
    Certain, // it came with the process: whatever others do to its flags must not matter
};

// That nobody writes to a pipe any more shows where it is watched only if it was open when somebody still did: the second
// opening of a FIFO would wait for a next writer for ever (fifo_open() of Linux).
bool hasEnded(int fd)
{
    pollfd pipe = {fd, POLLIN, 0};
    return sys::poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLHUP);
}

// What is found under a name might be another pipe or terminal by now.
bool isSame(int one, int other)
{
    struct stat first;
    struct stat second;
    if (sys::fstat(one, &first) == -1 || sys::fstat(other, &second) == -1)
        return false;
    // The controlling terminal may have been opened by another name, which is another file then.
    return (first.st_dev == second.st_dev && first.st_ino == second.st_ino) || (sys::isControllingTerminal(one) && sys::isControllingTerminal(other));
}

// A descriptor for the same pipe or terminal that nobody else has, and that may therefore be non-blocking.
Opened openAgain(NativeHandle descriptor, PipeDirection direction, Sharing sharing)
{
    const int fd = int(descriptor.get());
    struct stat status;
    if (sys::fstat(fd, &status) == -1)
        return {std::move(descriptor), PipeIo::Access::Guarded};
    if (S_ISSOCK(status.st_mode))
        return {std::move(descriptor), PipeIo::Access::Socket};
    // Files and the like never block for long, and there is no other way to read or write them.
    if (S_ISREG(status.st_mode) || S_ISBLK(status.st_mode))
        return {std::move(descriptor), PipeIo::Access::NonBlocking};
    if (sharing == Sharing::Unlikely && (sys::statusFlags(fd) & O_NONBLOCK))
        return {std::move(descriptor), PipeIo::Access::NonBlocking};
    // Not any device: some make something new each time they are opened, as the master side of a pseudo-terminal.
    const bool canBeReopened = S_ISFIFO(status.st_mode) || (sys::isTerminal(fd) && !sys::isTerminalMaster(fd));
    if (!canBeReopened)
        return {std::move(descriptor), PipeIo::Access::Guarded};
    // A FIFO that is open for both, as by <> of a shell, has no end: that is what it was opened so for.
    const bool isForBoth = S_ISFIFO(status.st_mode) && (sys::statusFlags(fd) & O_ACCMODE) == O_RDWR;
    NativeHandle own(sys::reopenNonBlocking(fd, isForBoth ? O_RDWR : direction == PipeDirection::Reading ? O_RDONLY : O_WRONLY));
    // Asked after the second opening: a writer that leaves from here on is noticed.
    if (own && isSame(int(own.get()), fd) && !(direction == PipeDirection::Reading && S_ISFIFO(status.st_mode) && hasEnded(fd)))
        return {std::move(own), PipeIo::Access::NonBlocking};
    return {std::move(descriptor), PipeIo::Access::Guarded};
}

PipeStream openStream(NativeHandle &handle, PipeDirection direction, Sharing sharing, const QString &operation, StreamIoClient &client)
{
    const int fd = int(handle.get());
    const int flags = sys::statusFlags(fd);
    if (flags == -1)
        return {nullptr, systemError(errno, operation)};
    if (!fits(flags & O_ACCMODE, direction))
        return {nullptr, {StreamDevice::UnsupportedSocketOperationError, 0, operation + tr(": it is open for the other direction only")}};
    struct stat status;
    if (sys::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
        return {nullptr, {StreamDevice::UnsupportedSocketOperationError, EISDIR, operation + tr(": it is a directory")}};
    if (sys::closeOnExec(fd) == -1)
        return {nullptr, systemError(errno, operation)};
    Opened opened = openAgain(std::move(handle), direction, sharing);
    return {std::make_unique<PipeIo>(std::move(opened.descriptor), opened.access, client), {}};
}

} // namespace

PipeStream openPipeStream(NativeHandle &handle, PipeDirection direction, StreamIoClient &client)
{
    const QString operation = direction == PipeDirection::Reading ? tr("read from descriptor %1") : tr("write to descriptor %1");
    return openStream(handle, direction, Sharing::Unlikely, operation.arg(handle.get()), client);
}

PipeStream openStandardStream(StandardStream stream, StreamIoClient &client)
{
    const PipeDirection direction = stream == StandardStream::Input ? PipeDirection::Reading : PipeDirection::Writing;
    const int fd = int(stream);
    // What is closed on exec has not come with the process: it is something else, such as the wake-up of Qt's event loop, that
    // got the number of a standard stream which the process was started without.
    const bool isOurs = sys::isClosedOnExec(fd);
    NativeHandle copy(isOurs ? -1 : sys::duplicate(fd));
    const int error = isOurs ? EBADF : errno;
    const QString name = stream == StandardStream::Input ? tr("standard input")
        : stream == StandardStream::Output               ? tr("standard output")
                                                         : tr("standard error");
    const QString operation = tr("open %1").arg(name);
    if (!copy)
        return {nullptr, systemError(error, operation)};
    return openStream(copy, direction, Sharing::Certain, operation, client);
}

int makePipe(const Pipe::Options &options, NativeHandle &reader, NativeHandle &writer)
{
    int ends[2];
    if (sys::pipe(ends) == -1)
        return errno;
    NativeHandle input(ends[0]);
    NativeHandle output(ends[1]);
    if ((options.blockingReader && sys::makeBlocking(ends[0]) == -1) || (options.blockingWriter && sys::makeBlocking(ends[1]) == -1))
        return errno;
    if (options.capacity > 0)
        static_cast<void>(sys::setPipeCapacity(ends[1], options.capacity));
    reader = std::move(input);
    writer = std::move(output);
    return 0;
}

qint64 pipeCapacity(const StreamIo &io)
{
    return sys::pipeCapacity(int(io.handle()));
}

int setPipeCapacity(StreamIo &io, qint64 size)
{
    return sys::setPipeCapacity(int(io.handle()), size) == -1 ? errno : 0;
}

bool isTerminal(const StreamIo &io)
{
    return sys::isTerminal(int(io.handle()));
}

NativeHandle releasePipeHandle(StreamIo &io)
{
    return static_cast<PipeIo &>(io).release();
}

} // namespace InterprocessQt
