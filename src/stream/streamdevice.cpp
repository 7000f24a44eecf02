// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/StreamDevice.h>

#include "streamdevice_p.h"

#include <QtCore/qcoreevent.h>
#include <QtCore/qdeadlinetimer.h>

#include <algorithm>
#include <limits>

namespace InterprocessQt
{

namespace
{
// What a peek() or an ungetChar() has moved to QIODevice goes back to where it came from.
void takeBack(QIODevice *device, ByteQueue &input)
{
    const qint64 kept = device->QIODevice::bytesAvailable();
    if (kept <= 0)
        return;
    QByteArray bytes(qsizetype(kept), Qt::Uninitialized);
    const bool text = device->isTextModeEnabled();
    device->setTextModeEnabled(false);
    bytes.truncate(qsizetype(std::max<qint64>(0, device->read(bytes.data(), kept))));
    device->setTextModeEnabled(text);
    input.prepend(bytes);
}
} // namespace

StreamDevice::StreamDevice(StreamDevicePrivate &dd, QObject *parent)
    : QIODevice(parent)
    , d(&dd)
{
    d->q = this;
}

StreamDevice::~StreamDevice() = default;

StreamDevice::Error StreamDevice::error() const
{
    return d->error;
}

int StreamDevice::nativeError() const
{
    return d->nativeError;
}

bool StreamDevice::isSequential() const
{
    return true;
}

qint64 StreamDevice::bytesAvailable() const
{
    // Our queue, and what QIODevice keeps for peek(), ungetChar() and transactions.
    return d->input.size() + QIODevice::bytesAvailable();
}

qint64 StreamDevice::bytesToWrite() const
{
    return d->output.size();
}

bool StreamDevice::canReadLine() const
{
    return QIODevice::canReadLine() || d->input.indexOf('\n', d->input.size()) >= 0;
}

void StreamDevice::close()
{
    QIODevice::close();
    d->discardInput();
}

QByteArrayView StreamDevice::view()
{
    if (!isReadable() || isTransactionStarted())
        return {};
    takeBack(this, d->input);
    return d->input.linearize();
}

qint64 StreamDevice::consume(qint64 size)
{
    // Where there is no view there is nothing to consume.
    if (size <= 0 || !isReadable() || isTransactionStarted())
        return 0;
    takeBack(this, d->input);
    const qint64 skipped = d->input.skip(size);
    d->dataTaken();
    return skipped;
}

qint64 StreamDevice::readBufferSize() const
{
    return d->readLimit;
}

void StreamDevice::setReadBufferSize(qint64 size)
{
    size = std::max<qint64>(0, size);
    if (size == d->readLimit)
        return;
    d->setReadLimit(size);
    Q_EMIT readBufferSizeChanged();
}

qint64 StreamDevice::writeBufferLimit() const
{
    return d->writeLimit;
}

void StreamDevice::setWriteBufferLimit(qint64 size)
{
    size = std::max<qint64>(0, size);
    if (size == d->writeLimit)
        return;
    d->writeLimit = size;
    d->scheduleTurnEnd(); // whether this is congestion now is told from the event loop
    Q_EMIT writeBufferLimitChanged();
}

bool StreamDevice::isCongested() const
{
    return d->congested;
}

bool StreamDevice::isHalfOpenAllowed() const
{
    return d->halfOpenAllowed;
}

void StreamDevice::setHalfOpenAllowed(bool allowed)
{
    if (allowed == d->halfOpenAllowed)
        return;
    d->halfOpenAllowed = allowed;
    Q_EMIT halfOpenAllowedChanged();
}

bool StreamDevice::closeWriteChannel()
{
    return d->closeWriteChannel();
}

bool StreamDevice::isWriteChannelOpen() const
{
    return isWritable() && d->acceptsWrites() && !d->writeClosing && !d->writeBroken;
}

bool StreamDevice::isReadChannelFinished() const
{
    return d->readFinished;
}

bool StreamDevice::flush()
{
    return d->flushNow();
}

void StreamDevice::abort()
{
    d->stopIo();
    StreamDevice::close();
}

bool StreamDevice::waitForReadyRead(int msecs)
{
    return d->waitForReadyRead(QDeadlineTimer(msecs));
}

bool StreamDevice::waitForBytesWritten(int msecs)
{
    return d->waitForBytesWritten(QDeadlineTimer(msecs));
}

bool StreamDevice::waitForReadyRead(std::chrono::milliseconds timeout)
{
    return d->waitForReadyRead(QDeadlineTimer(timeout));
}

bool StreamDevice::waitForBytesWritten(std::chrono::milliseconds timeout)
{
    return d->waitForBytesWritten(QDeadlineTimer(timeout));
}

bool StreamDevice::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange) {
        d->threadChanging();
    } else if (event->type() == StreamDevicePrivate::attachEventType()) {
        d->joinThread();
        d->scheduleTurnEnd(); // what was due in the thread it came from
        return true;
    }
    return QIODevice::event(event);
}

qint64 StreamDevice::readData(char *data, qint64 maxSize)
{
    if (maxSize <= 0 || d->input.isEmpty()) {
        d->dataTaken();
        return maxSize > 0 && !d->expectsInput() ? -1 : 0;
    }
    const qint64 size = d->input.read(data, maxSize);
    d->dataTaken();
    return size;
}

qint64 StreamDevice::readLineData(char *data, qint64 maxSize)
{
    const qint64 newline = d->input.indexOf('\n', maxSize);
    return readData(data, newline >= 0 ? newline + 1 : maxSize);
}

qint64 StreamDevice::skipData(qint64 maxSize)
{
    const qint64 skipped = d->input.skip(maxSize);
    d->dataTaken();
    return skipped == 0 && maxSize > 0 && !d->expectsInput() ? -1 : skipped;
}

qint64 StreamDevice::writeData(const char *data, qint64 size)
{
    if (!d->acceptsWrites() || d->writeClosing || d->writeBroken) {
        setErrorString(d->writeBroken ? tr("The peer does not read any more")
                       : d->writeClosing ? tr("The write channel is closed")
                                         : tr("Not connected"));
        return -1;
    }
    return size > 0 ? d->acceptWrite(data, size) : 0;
}

} // namespace InterprocessQt
