// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipewriter_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qtimer.h>

#include <utility>

namespace InterprocessQt
{

using namespace std::chrono_literals;

namespace
{
// How long a writer that was closed with data to write waits for the reader to take some of it.
constexpr auto LingerTime = 30s;
} // namespace

bool PipeWriterPrivate::refuse(const ErrorInfo &flaw)
{
    setError(flaw);
    return false;
}

bool PipeWriterPrivate::begin(PipeStream stream)
{
    if (!stream.io)
        return refuse(stream.error);
    ++generation;
    error = StreamDevice::UnknownSocketError;
    nativeError = 0;
    resetFlags();
    closing = finished = false;
    readFinished = readFinishedTold = true; // there is nothing to be read
    q->QIODevice::open(QIODevice::WriteOnly | QIODevice::Unbuffered);
    startIo(std::move(stream.io));
    return true;
}

void PipeWriterPrivate::closeWhenWritten()
{
    if (!io || closing)
        return;
    const Guard guard(*this);
    flushNow();
    closing = true;
    scheduleTurnEnd(); // that everything has been written is told from there
    if (!output.isEmpty())
        linger();
}

void PipeWriterPrivate::linger()
{
    leftBefore = output.size();
    if (!QAbstractEventDispatcher::instance())
        return; // then somebody waits, or nobody ever will
    if (!timer) {
        timer = new QTimer(q);
        timer->setSingleShot(true);
        QObject::connect(timer, &QTimer::timeout, q, [this] {
            lingeredInVain();
        });
    }
    timer->start(LingerTime);
}

void PipeWriterPrivate::lingeredInVain()
{
    if (!closing || !io)
        return;
    if (output.size() < leftBefore) { // slow, but it reads
        linger();
        return;
    }
    fail({StreamDevice::SocketTimeoutError, 0, PipeWriter::tr("close the pipe: nobody has read what was left to write")});
}

void PipeWriterPrivate::end()
{
    if (timer)
        timer->stop();
    closing = false;
    stopIo();
}

void PipeWriterPrivate::finish()
{
    end();
    finished = true;
    Q_EMIT writer()->closed();
}

void PipeWriterPrivate::outputFinished()
{
    if (!io)
        return; // the end has been told; this is the turn in which the end of congestion is
    if (!writeBroken) {
        if (closing || writeClosed)
            finish();
        return;
    }
    fail(systemError(writeError, PipeWriter::tr("write to the pipe")));
}

void PipeWriterPrivate::fail(const ErrorInfo &flaw)
{
    const Guard guard(*this);
    setError(flaw);
    end();
    const quint32 current = generation;
    Q_EMIT q->errorOccurred(flaw.code);
    if (guard.isAlive() && generation == current)
        Q_EMIT writer()->closed();
}

bool PipeWriterPrivate::waitForClosed(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    const quint32 current = generation;
    settle();
    while (guard.isAlive() && generation == current && io) {
        if (!closing && !writeClosing)
            return false; // nobody has asked for it
        flushNow();
        if (!output.isEmpty() && !writeBroken && !waitAndWork(false, deadline))
            return false;
        if (guard.isAlive())
            settle();
    }
    return guard.isAlive() && finished;
}

} // namespace InterprocessQt
