// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "localsocket_p.h"

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

namespace
{
QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalSocket", text);
}
} // namespace

// ---- The end

ErrorInfo LocalSocketPrivate::peerClosed() const
{
    // What it had not read by then is lost for another reason, if it was refused for another.
    if (writeBroken && errorFromNative(writeError) != StreamDevice::PeerClosedError)
        return systemError(writeError, describe(tr("write to")));
    return {StreamDevice::PeerClosedError, 0, describe(tr("read from")) + tr(": the peer closed the connection")};
}

void LocalSocketPrivate::inputFinished()
{
    if (state == LocalSocket::ClosingState) {
        closedByPeer = true; // what is queued may still find a reader; writing will tell
        tellReadFinished();
        return;
    }
    // Where neither side can close one direction alone, that the peer has finished writing means that it is gone.
    if (halfOpenAllowed && canHalfClose() && !writeClosed && !writeBroken) {
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
    if (guard.isAlive() && generation == current && state == LocalSocket::ConnectedState)
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
        // Normally the end of what the peer sent is next, and tells. If there is none, the peer has only stopped reading. And
        // where nothing is read now, it may be that nothing ever will be: who reads only what there is room to answer waits
        // for that room.
        const bool paused = !readFinished && !wantsInput();
        if (paused || !io->wait({true, false}, QDeadlineTimer(0)).readable) {
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
    endAskedFor = true;
    if (tellConnected) // before the end is told
        announceConnected();
    else
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
    closing.reset(new Closing{output.size(), QDeadlineTimer(lingerTime)});
    startTimer(lingerTime);
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
    hadStream = wasStreaming;
    stayDisconnected = !reason || endAskedFor;
    // The kernel may refuse what is written to a peer that goes a moment before it shows the end: that is one error, not two.
    const bool told = reason && brokenTold && error == reason->code;
    if (reason)
        setError(*reason);
    untold = reason && !told ? Untold::Error : Untold::State;
    tellFinished();
}

void LocalSocketPrivate::tellFinished()
{
    const Guard guard(*this);
    const quint32 current = generation;
    const bool outer = std::exchange(tellingEnd, true);
    while (untold != Untold::Nothing) {
        const Untold now = untold;
        untold = now == Untold::Next ? Untold::Nothing : Untold(quint8(now) + 1);
        switch (now) {
        case Untold::Nothing:
            break;
        case Untold::Error:
            emitError();
            break;
        case Untold::State:
            Q_EMIT socket()->stateChanged(state);
            break;
        case Untold::ReadChannel:
            if (hadStream)
                tellReadFinished();
            break;
        case Untold::Disconnected:
            if (std::exchange(finishing, false))
                Q_EMIT socket()->disconnected();
            break;
        case Untold::Next:
            if (std::exchange(connectAgain, false))
                connectToServer(openMode);
            else if (reconnect && !stayDisconnected && state == LocalSocket::UnconnectedState && address.isValid())
                scheduleReconnect();
            break;
        }
        if (!guard.isAlive())
            return;
        if (generation != current) // of another connection by now
            break;
    }
    tellingEnd = outer;
}

} // namespace InterprocessQt
