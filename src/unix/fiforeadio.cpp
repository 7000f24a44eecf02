// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fifoio_p.h"

#include "pollwait_p.h"
#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>

#include <cerrno>
#include <fcntl.h>

namespace InterprocessQt
{

using namespace std::chrono_literals;

namespace
{
// Where opening it again does not help against the hang-up, or where somebody opens and closes it all the time.
constexpr int TooManyEmptyEnds = 16;

short conditionOf(int fd)
{
    pollfd descriptor = {fd, POLLIN, 0};
    return sys::poll(&descriptor, 1, 0) == 1 ? descriptor.revents : short(0);
}

bool sameFile(const struct stat &one, const struct stat &other)
{
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::Fifo", text);
}

std::optional<ErrorInfo> notAFifo(const struct stat &status, const QString &operation)
{
    if (S_ISFIFO(status.st_mode))
        return {};
    if (S_ISDIR(status.st_mode))
        return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, EISDIR, operation + tr(": it is a directory")};
    return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, 0, operation + tr(": it is not a FIFO")};
}
} // namespace

OpenedFifo openFifo(const QByteArray &path, int accessMode)
{
    if (path.isEmpty())
        return {{}, ErrorInfo{StreamDevice::ServerNotFoundError, ENOENT, tr("open a FIFO: the path is empty")}};
    const QString operation = tr("open the FIFO %1").arg(QFile::decodeName(path));
    if (path.contains('\0'))
        return {{}, ErrorInfo{StreamDevice::OperationError, 0, operation + tr(": a path has no null characters")}};
    // Looked at before it is opened, for to open some devices is to do something; and after, for it may be another by then.
    struct stat status;
    if (sys::stat(path.constData(), &status) == -1)
        return {{}, systemError(errno, operation)};
    if (auto error = notAFifo(status, operation))
        return {{}, std::move(error)};
    OpenedFifo opened;
    opened.descriptor.reset(sys::openFifo(path.constData(), accessMode));
    if (!opened.descriptor) {
        if (errno != ENXIO || accessMode != O_WRONLY) // which says that there is no reader, or that it is a socket by now
            opened.error = systemError(errno, operation);
        return opened;
    }
    if (sys::fstat(int(opened.descriptor.get()), &status) == -1)
        opened.error = systemError(errno, operation);
    else
        opened.error = notAFifo(status, operation);
    if (opened.error)
        opened.descriptor.reset();
    return opened;
}

FifoReadIo::FifoReadIo(NativeHandle descriptor, const QByteArray &path, bool goesOn, StreamIoClient &client)
    : PipeIo(std::move(descriptor), Access::NonBlocking, client)
    , m_path(path)
    , m_timer(*this)
    , m_goesOn(goesOn)
{
}

bool FifoReadIo::noteWriter()
{
    if (m_hasWriter || !(conditionOf(fd()) & (POLLIN | POLLHUP)))
        return false;
    m_hasWriter = true;
    return true;
}

bool FifoReadIo::takeWritersGone()
{
    return std::exchange(m_writersGone, false);
}

IoResult FifoReadIo::read(ByteQueue &queue, qint64 limit)
{
    IoResult result = PipeIo::read(queue, limit);
    if (result.bytes > 0) {
        m_hasWriter = true;
        m_emptyEnds = 0;
    }
    if (result.status != IoResult::EndOfStream)
        return result;
    if (!m_hasWriter && !(conditionOf(fd()) & POLLHUP)) {
        result.status = IoResult::WouldBlock; // none has come yet
    } else if (m_goesOn) {
        result.status = IoResult::WouldBlock;
        m_hasWriter = false;
        m_writersGone = true;
        forgetWriters();
    }
    return result;
}

void FifoReadIo::forgetWriters()
{
    if (m_emptyEndsUntil.hasExpired()) {
        m_emptyEnds = 0;
        m_timer.reset();
    }
    m_emptyEndsUntil.setRemainingTime(1s);
    if (++m_emptyEnds > TooManyEmptyEnds) {
        rest();
        return;
    }
    NativeHandle fresh = reopened();
    // A writer that has come meanwhile clears the old hang-up and will cause another. One that has come and gone has left
    // bytes, and the new descriptor may have been opened after its end, of which it would not tell.
    const short condition = conditionOf(fd());
    if (condition == 0 || (condition & POLLIN))
        return;
    if (fresh)
        replace(std::move(fresh));
    else
        rest();
}

NativeHandle FifoReadIo::reopened() const
{
    NativeHandle fresh(sys::reopenNonBlocking(fd(), O_RDONLY));
    struct stat here;
    struct stat there;
    if (sys::fstat(fd(), &here) == -1)
        return {};
    // No /proc, or not Linux. Looked at first: in another FIFO of that name a writer may wait for its own reader, and would
    // take us for that.
    if (!fresh && sys::stat(m_path.constData(), &there) == 0 && sameFile(here, there))
        fresh.reset(sys::openFifo(m_path.constData(), O_RDONLY));
    if (fresh && (sys::fstat(int(fresh.get()), &there) == -1 || !sameFile(here, there)))
        fresh.reset();
    return fresh;
}

void FifoReadIo::rest()
{
    m_resting = true;
    PipeIo::setInterest({});
    m_timer.start(); // without an event loop wait() does it
}

bool FifoReadIo::endRest()
{
    const short condition = conditionOf(fd());
    if (!(condition & POLLIN) && (condition & POLLHUP)) {
        NativeHandle fresh = reopened();
        if (!fresh)
            return false;
        if (conditionOf(fd()) == POLLHUP)
            replace(std::move(fresh));
    }
    m_resting = false;
    m_timer.stop();
    return true;
}

void FifoReadIo::lookAgain()
{
    if (endRest())
        PipeIo::setInterest(m_interest);
}

void FifoReadIo::setInterest(IoReadiness interest)
{
    m_interest = interest;
    PipeIo::setInterest(m_resting ? IoReadiness() : interest);
}

IoReadiness FifoReadIo::wait(IoReadiness what, QDeadlineTimer deadline)
{
    while (m_resting && !endRest()) {
        if (deadline.hasExpired())
            return {};
        m_timer.sleep(deadline);
    }
    PipeIo::setInterest(m_interest);
    return PipeIo::wait(what, deadline);
}

void FifoReadIo::detach()
{
    m_timer.stop();
    PipeIo::detach();
}

bool FifoReadIo::attach()
{
    return PipeIo::attach() && (!m_resting || m_timer.start());
}

} // namespace InterprocessQt
