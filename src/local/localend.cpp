// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "localsocket_p.h"

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

using namespace std::chrono_literals;

namespace
{
// How long a socket that was closed with data to write waits for the peer to take some of it.
constexpr auto LingerTime = 30s;

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalSocket", text);
}
} // namespace

// ---- The end

ErrorInfo LocalSocketPrivate::peerClosed() const
{
    return {StreamDevice::PeerClosedError, 0, describe(tr("read from")) + tr(": the peer closed the connection")};
}

void LocalSocketPrivate::inputFinished()
{
    if (state == LocalSocket::ClosingState) {
        closedByPeer = true; // what is queued may still find a reader; writing will tell
        tellReadFinished();
        return;
    }
    if (halfOpenAllowed && !writeClosed && !writeBroken) {
        tellReadFinished();
        return;
    }
    if (writeClosed) {
        finish({}); // both sides have said that they are done
        return;
    }
    closedByPeer = true;
    if (output.isEmpty() || writeBroken) {
        finish(peerClosed());
        return;
    }
    const Guard guard(*this);
    const quint32 current = generation;
    tellReadFinished();
    if (guard.isAlive() && generation == current)
        beginClosing();
}

void LocalSocketPrivate::streamFailed(const IoResult &result)
{
    closedByPeer = true;
    finish(systemError(result.error, describe(tr("read from"))));
}

void LocalSocketPrivate::outputFinished()
{
    if (state == LocalSocket::ClosingState) {
        if (closedByPeer)
            finish(peerClosed());
        else if (writeBroken)
            finish(systemError(writeError, describe(tr("write to"))));
        else
            finish({});
        return;
    }
    if (state != LocalSocket::ConnectedState)
        return;
    if (writeBroken && readFinished) {
        finish(systemError(writeError, describe(tr("write to")))); // neither direction is left
    } else if (writeBroken && !brokenTold) {
        // Normally the end of what the peer sent is next, and tells. If there is none, the peer has only stopped reading.
        const bool paused = !readFinished && !wantsInput();
        if (!paused && !io->wait({true, false}, QDeadlineTimer(0)).readable) {
            brokenTold = true;
            setError(systemError(writeError, describe(tr("write to"))));
            emitError();
        }
    } else if (writeClosed && readFinished) {
        finish({});
    }
}

void LocalSocketPrivate::disconnectFromServer()
{
    connectAgain = false;
    // The timer of any other state is still needed: to try again while there is something to write, or to end lingering.
    switch (state) {
    case LocalSocket::UnconnectedState:
        stopTimer();
        stayDisconnected = true;
        if (attempt && !finishing)
            finish({}); // it has failed, and nobody wants to know any more
        return;
    case LocalSocket::ClosingState:
        return;
    case LocalSocket::ConnectingState:
        if (output.isEmpty())
            finish({});
        else
            endAskedFor = true; // what has been written goes first, if a connection comes of it
        return;
    case LocalSocket::ConnectedState:
        break;
    }
    const Guard guard(*this);
    const quint32 current = generation;
    if (tellConnected) // before the end is told
        announceConnected();
    if (!guard.isAlive() || generation != current || state != LocalSocket::ConnectedState)
        return;
    endAskedFor = true;
    beginClosing();
}

void LocalSocketPrivate::beginClosing()
{
    const Guard guard(*this);
    const quint32 current = generation;
    flushNow();
    setState(LocalSocket::ClosingState);
    if (!guard.isAlive() || generation != current)
        return;
    // bytesWritten() of what has just been written is still to be told.
    if ((output.isEmpty() && writtenUntold == 0) || writeBroken)
        outputFinished();
    else
        linger();
}

void LocalSocketPrivate::linger()
{
    closing.reset(new Closing{output.size(), QDeadlineTimer(LingerTime)});
    startTimer(LingerTime);
}

void LocalSocketPrivate::close()
{
    connectAgain = false;
    const Guard guard(*this);
    if (tellConnected) // while the device is still open
        announceConnected();
    if (!guard.isAlive())
        return;
    discardsInput = true;
    q->StreamDevice::close();
    if (!guard.isAlive())
        return;
    updateInterest(); // reading may have stopped because there was no room, of which there is plenty now
    disconnectFromServer();
}

void LocalSocketPrivate::abort()
{
    connectAgain = false;
    stopTimer();
    const Guard guard(*this);
    q->StreamDevice::close();
    if (!guard.isAlive())
        return;
    misuse = false;
    stayDisconnected = true;
    if (state != LocalSocket::UnconnectedState || (attempt && !finishing))
        finish({});
}

void LocalSocketPrivate::finish(const std::optional<ErrorInfo> &reason)
{
    const Guard guard(*this);
    const quint32 ending = generation;
    if (reason)
        emitBytesWritten(); // what the kernel has taken, it has taken
    if (!guard.isAlive() || generation != ending)
        return;
    const bool wasConnected = std::exchange(announced, false);
    const bool wasStreaming = io != nullptr;
    stopTimer();
    attempt.reset();
    closing.reset();
    tellConnected = false;
    stopIo();
    state = LocalSocket::UnconnectedState;
    if (!wasStreaming)
        closeQuietly(); // what has arrived can be read on; here there is nothing

    // While a connection is taken down a new one has to wait until disconnected() is out; after an attempt that has failed
    // it need not.
    finishing = wasConnected;
    stayDisconnected = !reason || endAskedFor;
    const quint32 current = generation;
    if (reason) {
        setError(*reason);
        emitError();
        if (!guard.isAlive() || generation != current)
            return;
    }
    Q_EMIT socket()->stateChanged(state);
    if (!guard.isAlive() || generation != current)
        return;
    if (wasStreaming)
        tellReadFinished();
    if (!guard.isAlive() || generation != current)
        return;
    finishing = false;
    if (wasConnected) {
        Q_EMIT socket()->disconnected();
        if (!guard.isAlive() || generation != current)
            return;
    }
    if (std::exchange(connectAgain, false))
        connectToServer(openMode);
    else if (reconnect && !stayDisconnected && state == LocalSocket::UnconnectedState && address.isValid())
        scheduleReconnect();
}

} // namespace InterprocessQt
