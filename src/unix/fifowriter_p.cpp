// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fifowriter_p.h"

#include <QtCore/qfile.h>

#include <climits>
#include <fcntl.h>

namespace InterprocessQt
{

bool FifoWriterPrivate::beginFifo(const QString &newPath, FifoWriter::ReaderPolicy policy)
{
    const QByteArray name = QFile::encodeName(newPath);
    OpenedFifo opened = openFifo(name, O_WRONLY);
    if (opened.error)
        return refuse(*opened.error);
    path = newPath;
    serialTold = 0;
    const bool waitsForNext = policy == FifoWriter::ReaderPolicy::WaitForNextReader;
    auto stream = std::make_unique<FifoWriteIo>(std::move(opened), name, waitsForNext, std::chrono::milliseconds(readerTimeout), *this);
    const bool hasReader = stream->hasReader();
    if (!begin({std::move(stream), {}}))
        return false;
    // As if the kernel had no room: everything that is written waits.
    blocked = !hasReader;
    updateInterest();
    scheduleTurnEnd(); // that there is a reader is told from there
    return true;
}

qint64 FifoWriterPrivate::acceptRecord(const char *data, qint64 size)
{
    const bool whole = size <= PIPE_BUF;
    qint64 part = size;
    if (writeLimit > 0) {
        const qint64 room = output.isEmpty() ? qMax<qint64>(writeLimit, PIPE_BUF) : qMax<qint64>(0, writeLimit - output.size());
        // Only what the kernel would not keep together either is taken in part.
        part = whole && size > room ? 0 : qMin(size, room);
    }
    if (part == 0) {
        // Refuses, and tells when there is room.
        static_cast<void>(acceptWhole({QByteArrayView(data, qsizetype(qMin<qint64>(size, PIPE_BUF)))}));
        return 0;
    }
    if (FifoWriteIo *const stream = fifo())
        stream->addRecord(part);
    return acceptWhole({QByteArrayView(data, qsizetype(part))}) ? part : 0;
}

void FifoWriterPrivate::ioReady(IoReadiness readiness)
{
    FifoWriteIo *const stream = fifo();
    if (!stream) {
        PipeWriterPrivate::ioReady(readiness);
        return;
    }
    scheduleTurnEnd(); // whatever it is, it is told from there
    if (stream->hasReader() && readiness.readable && stream->checkReader()) {
        blocked = stream->waitsForNext();
        if (!blocked) {
            writeBroken = true;
            writeError = EPIPE;
        }
        updateInterest();
        return;
    }
    if (stream->hasReader() && readiness.writable)
        PipeWriterPrivate::ioReady({false, true});
}

void FifoWriterPrivate::deliverPending()
{
    FifoWriteIo *const stream = fifo();
    if (!stream)
        return;
    if (const auto failure = stream->failure())
        fail(*failure);
    else
        tellReaders();
}

void FifoWriterPrivate::tellReaders()
{
    const Guard guard(*this);
    const quint32 current = generation;
    if (serialTold != 0 && fifo()->readerSerial() != serialTold) {
        serialTold = 0;
        Q_EMIT fifoWriter()->readersGone();
        if (!guard.isAlive() || generation != current || !fifo())
            return;
    }
    if (serialTold == 0 && fifo()->hasReader()) {
        serialTold = fifo()->readerSerial();
        Q_EMIT fifoWriter()->readerConnected();
    }
}

void FifoWriterPrivate::outputFinished()
{
    if (writeBroken && fifo()) {
        const Guard guard(*this);
        const quint32 current = generation;
        tellReaders();
        if (!guard.isAlive() || generation != current)
            return;
    }
    PipeWriterPrivate::outputFinished();
}

bool FifoWriterPrivate::waitForReader(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    const quint32 current = generation;
    settle();
    while (guard.isAlive() && generation == current && fifo()) {
        if (fifo()->hasReader())
            return true;
        if (writeBroken || !waitAndWork(false, deadline))
            return false;
        if (guard.isAlive())
            settle();
    }
    return false;
}

} // namespace InterprocessQt
