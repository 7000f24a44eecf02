// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fifoio_p.h"

#include "pollwait_p.h"
#include "stream/bytequeue_p.h"
#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>

namespace InterprocessQt
{

namespace
{
// What one stream may write before others get their turn.
constexpr qint64 WriteShare = 1024 * 1024;

bool hasReaders(int fd)
{
    // Errors are told whether or not they are asked for; there are systems that call it a hang-up.
    pollfd descriptor = {fd, 0, 0};
    return sys::poll(&descriptor, 1, 0) != 1 || !(descriptor.revents & (POLLERR | POLLHUP));
}

// Waiting may help.
bool isTemporary(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM;
}
} // namespace

FifoWriteIo::FifoWriteIo(OpenedFifo fifo, const QByteArray &path, bool waitsForNext, std::chrono::milliseconds timeout, StreamIoClient &client)
    : PipeIo(std::move(fifo.descriptor), Access::NonBlocking, client)
    , m_path(path)
    , m_client(client)
    , m_timer(*this)
    , m_timeout(timeout)
    , m_waitsForNext(waitsForNext)
{
    if (fd() != -1)
        foundReader();
    else
        lostReader();
}

// ---- Readers

void FifoWriteIo::foundReader()
{
    m_timer.stop();
    m_obstacle.reset();
    m_serial = ++m_lastSerial;
    setInterest(m_interest);
}

void FifoWriteIo::lostReader()
{
    m_serial = 0;
    PipeIo::setInterest({});
    m_timer.reset(m_timeout.count() < 0 ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(m_timeout));
    if (m_lastSerial != 0 && isWaiting())
        m_timer.start(); // without an event loop wait() does it
}

bool FifoWriteIo::checkReader()
{
    if (hasReader() && !hasReaders(fd()))
        lostReader();
    return !hasReader();
}

void FifoWriteIo::findReader()
{
    // What was open stays open while the next reader is waited for: the bytes in it are for that one.
    if (fd() != -1) {
        if (hasReaders(fd())) {
            foundReader();
            return;
        }
        m_failure = nameLost();
    } else {
        OpenedFifo opened = openFifo(m_path, O_WRONLY);
        if (opened.descriptor) {
            replace(std::move(opened.descriptor));
            foundReader();
            return;
        }
        if (opened.error && isTemporary(opened.error->native))
            m_obstacle = std::move(opened.error);
        else if (opened.error)
            m_failure = std::move(opened.error);
    }
    if (!m_failure && m_timer.hasExpired())
        m_failure = std::exchange(m_obstacle, {}); // what was in the way, rather than that nobody came
    if (!m_failure && m_timer.hasExpired()) {
        const QString text = QCoreApplication::translate("InterprocessQt::Fifo", "wait for a reader of the FIFO %1: none has come in time");
        m_failure = ErrorInfo{StreamDevice::SocketTimeoutError, 0, text.arg(QFile::decodeName(m_path))};
    }
    if (m_failure)
        m_timer.stop();
}

std::optional<ErrorInfo> FifoWriteIo::nameLost() const
{
    const QString operation = QCoreApplication::translate("InterprocessQt::Fifo", "wait for a reader of the FIFO %1").arg(QFile::decodeName(m_path));
    struct stat named;
    struct stat held;
    if (sys::stat(m_path.constData(), &named) == -1) {
        // Not where it only cannot be looked at for now.
        return errno == ENOENT || errno == ENOTDIR ? std::optional(systemError(errno, operation)) : std::nullopt;
    }
    if (sys::fstat(fd(), &held) == -1 || (named.st_dev == held.st_dev && named.st_ino == held.st_ino))
        return {};
    const QString reason = QCoreApplication::translate("InterprocessQt::Fifo", "there is another file of that name now");
    return ErrorInfo{StreamDevice::ServerNotFoundError, 0, operation + QLatin1String(": ") + reason};
}

void FifoWriteIo::lookAgain()
{
    findReader();
    if (hasReader())
        PipeIo::attach();
    if (hasReader() || m_failure)
        m_client.ioReady({false, true});
}

// ---- Writing

void FifoWriteIo::addRecord(qint64 size)
{
    if (!m_records.empty() && m_records.back() + size <= PIPE_BUF)
        m_records.back() += size;
    else
        m_records.push_back(size);
}

IoResult FifoWriteIo::writeFailed(qint64 bytes)
{
    if (errno != EPIPE)
        return PipeIo::writeFailed(bytes);
    lostReader();
    if (!m_waitsForNext)
        return {IoResult::Failed, bytes, EPIPE, "write"};
    return {IoResult::WouldBlock, bytes, 0, "write"};
}

IoResult FifoWriteIo::write(const char *data, qint64 size)
{
    if (!hasReader())
        return {IoResult::WouldBlock, 0, 0, "write"};
    const iovec piece = {const_cast<char *>(data), size_t(size)};
    const ssize_t written = writeSome(&piece, 1);
    if (written < 0)
        return writeFailed(0);
    return {written < size ? IoResult::WouldBlock : IoResult::Done, written, 0, "write"};
}

IoResult FifoWriteIo::write(ByteQueue &queue)
{
    IoResult result;
    if (!hasReader())
        result.status = IoResult::WouldBlock;
    while (hasReader() && !queue.isEmpty() && result.bytes < WriteShare) {
        if (m_records.empty())
            m_records.push_back(queue.size());
        ByteQueue::Blocks blocks;
        const int count = queue.blocks(blocks);
        std::array<iovec, ByteQueue::MaxBlocks> pieces;
        int used = 0;
        qint64 size = 0;
        for (; used < count && size < m_records.front(); ++used) {
            const QByteArrayView block = blocks[size_t(used)];
            const qint64 part = std::min<qint64>(block.size(), m_records.front() - size);
            pieces[size_t(used)] = {const_cast<char *>(block.data()), size_t(part)};
            size += part;
        }
        const ssize_t written = writeSome(pieces.data(), used);
        if (written < 0)
            return writeFailed(result.bytes);
        queue.skip(written);
        result.bytes += written;
        m_records.front() -= written;
        if (m_records.front() == 0)
            m_records.pop_front();
        if (written < size) {
            result.status = IoResult::WouldBlock;
            break;
        }
    }
    return result;
}

// ---- The event loop

void FifoWriteIo::setInterest(IoReadiness interest)
{
    m_interest = interest;
    // Nothing is ever there to be read; but the end of the last reader is told to who asks for that.
    PipeIo::setInterest(hasReader() ? IoReadiness{true, interest.writable} : IoReadiness());
}

IoReadiness FifoWriteIo::wait(IoReadiness what, QDeadlineTimer deadline)
{
    while (!hasReader()) {
        if (!isWaiting())
            return {false, true}; // to be told why
        findReader();
        if (hasReader() || !isWaiting())
            continue;
        if (deadline.hasExpired())
            return {};
        m_timer.sleep(deadline);
    }
    PipeIo::attach(); // if it has only now become something that can be watched
    return PipeIo::wait(what, deadline);
}

void FifoWriteIo::detach()
{
    m_timer.stop();
    PipeIo::detach();
}

bool FifoWriteIo::attach()
{
    if (isWaiting() && !m_timer.start())
        return false;
    return fd() == -1 || PipeIo::attach();
}

} // namespace InterprocessQt
