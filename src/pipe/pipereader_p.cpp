// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipereader_p.h"

#include <utility>

namespace InterprocessQt
{

bool PipeReaderPrivate::refuse(const ErrorInfo &flaw)
{
    setError(flaw);
    return false;
}

bool PipeReaderPrivate::begin(PipeStream stream)
{
    if (!stream.io)
        return refuse(stream.error);
    ++generation;
    discardInput();
    error = StreamDevice::UnknownSocketError;
    nativeError = 0;
    resetFlags();
    failed = false;
    q->QIODevice::open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    startIo(std::move(stream.io));
    return true;
}

void PipeReaderPrivate::end()
{
    stopIo();
}

void PipeReaderPrivate::inputFinished()
{
    // What has arrived can be read on until close().
    stopIo();
    tellReadFinished();
}

void PipeReaderPrivate::streamFailed(const IoResult &result)
{
    const Guard guard(*this);
    failed = true;
    setError(systemError(result.error, PipeReader::tr("read from the pipe")));
    stopIo();
    const quint32 current = generation;
    Q_EMIT q->errorOccurred(error);
    if (guard.isAlive() && generation == current)
        tellReadFinished();
}

bool PipeReaderPrivate::waitForFinished(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    const quint32 current = generation;
    settle();
    while (guard.isAlive() && generation == current && io) {
        if (!waitAndWork(true, deadline))
            return false;
        if (guard.isAlive())
            settle();
    }
    return guard.isAlive() && readFinished && !failed;
}

} // namespace InterprocessQt
