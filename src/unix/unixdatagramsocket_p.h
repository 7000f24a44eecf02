// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXDATAGRAMSOCKET_P_H
#define INTERPROCESSQT_UNIXDATAGRAMSOCKET_P_H

#include "boundname_p.h"
#include "reactor_p.h"
#include "stream/error_p.h"
#include "stream/lifeguard_p.h"
#include "stream/turnqueue_p.h"

#include <InterprocessQt/UnixDatagramSocket.h>

#include <QtCore/qcoreevent.h>

#include <chrono>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

class QTimer;

namespace InterprocessQt
{

/*
 * Nothing in here calls back but turnEnded() and announce(): what happens is noted, and told at the end of the turn.
 *
 * unixdatagramsocket_p.cpp  the descriptor, threads, waits, what is told
 * datagramnames.cpp         the own name and the destination
 * datagramsend.cpp          sending, and what waits to be sent
 * datagramreceive.cpp       receiving
 */
class UnixDatagramSocketPrivate final : public Life, public StreamIoClient, public TurnClient
{
public:
    using Clock = std::chrono::steady_clock;

    explicit UnixDatagramSocketPrivate(UnixDatagramSocket *socket);
    ~UnixDatagramSocketPrivate() override;

    // ---- The descriptor
    [[nodiscard]] bool open(); // makes one if there is none
    [[nodiscard]] bool adopt(NativeHandle::Type handle);
    void adoptPair(NativeHandle handle);
    void close();
    [[nodiscard]] NativeHandle release();
    [[nodiscard]] int fd() const noexcept
    {
        return int(descriptor.get());
    }
    [[nodiscard]] bool isOurs() const; // and not only inherited by fork()
    [[nodiscard]] int bufferSize(int option);
    [[nodiscard]] bool setBufferSize(int option, int size);

    // ---- Names
    [[nodiscard]] bool bind(const Address &address, const LocalListener::Options &options);
    [[nodiscard]] bool bindAnywhere();
    [[nodiscard]] bool connectTo(const Address &address);
    void disconnectFromPeer();
    void peerLost(); // looks whether the kernel has disconnected the socket

    // ---- Sending
    [[nodiscard]] bool submit(UnixMessage &message, const Address &destination, bool byName);
    [[nodiscard]] qint64 maximumSize() const;
    void limitsChanged();

    // ---- Receiving
    [[nodiscard]] qint64 peekSize();
    [[nodiscard]] std::optional<UnixMessage> receive(qint64 maxSize);

    // ---- Waiting
    [[nodiscard]] bool waitForReadyRead(QDeadlineTimer deadline);
    [[nodiscard]] bool waitForDatagramsSent(QDeadlineTimer deadline);

    // ---- Threads
    static QEvent::Type attachEventType();
    void threadChanging();
    void joinThread();

    void ioReady(IoReadiness readiness) override;
    void turnEnded() override;

    void clearError();
    [[nodiscard]] bool fail(const ErrorInfo &info); // sets the error, returns false

    // ---- What waits to be sent
    struct Queued {
        UnixMessage message;
        bool byName; // looked up by its name, and not sent over the connection
        int shortages = 0; // how often the kernel had no memory for it
    };
    struct Destination {
        std::deque<Queued> queue; // never empty
        qint64 bytes = 0;
        qint64 roomWanted = 0; // of the largest one that was refused, until the end of congestion
        bool congested = false;
        bool pollUseless = false; // writable, it was said, and it was not
        std::chrono::milliseconds delay{0};
        Clock::time_point nextTry;
    };
    struct AddressHash {
        std::size_t operator()(const Address &address) const noexcept
        {
            return qHash(address, 0);
        }
    };

    UnixDatagramSocket *const q;
    NativeHandle descriptor;
    Watch watch; // after the descriptor: leaves the event loop before it is closed
    BoundName name; // removed before both
    unsigned forkGeneration = 0;
    Address local; // as it was given to bind()
    Address peer; // not valid for one without a name
    bool connected = false;

    std::unordered_map<Address, Destination, AddressHash> destinations; // that have something waiting; the peer may have no name
    int queuedCount = 0;
    qint64 queuedBytes = 0; // for all of them
    qint64 roomWanted = 0; // as that of each
    int congestedCount = 0; // those, and one for all of them together
    bool allCongested = false;
    bool congested = false; // as far as it has been told, or was true meanwhile
    int sendQueueLimit = 1024;
    qint64 sendQueueByteLimit = 4 * 1024 * 1024;
    qint64 sendQueueTotalLimit = 64 * 1024 * 1024;

    int maximumDescriptors = 0;
    bool passCredentials = false;
    bool announced = false; // readyRead() was emitted; since then receive() was not called, and what had come is still there
    bool readingPaused = false; // it was woken up for that once more: not watched until receive()
    bool readingStopped = false; // nothing comes any more, but the kernel reports it all the time
    bool emittingReadyRead = false; // a wait in the slot does not call it again; the event loop of the slot does

    UnixDatagramSocket::Error error = UnixDatagramSocket::UnknownSocketError;
    int nativeError = 0;
    QString errorString;

private:
    void started();
    [[nodiscard]] NativeHandle end(); // gives the descriptor up, tells what is not sent any more
    void updateInterest();
    void resumeReading();
    void announce();
    void noteError(const ErrorInfo &info, const Address &destination, int dropped);

    // datagramsend.cpp
    [[nodiscard]] int transmit(const UnixMessage &message, const Address *destination);
    [[nodiscard]] std::optional<ErrorInfo> flawOf(const UnixMessage &message) const;
    [[nodiscard]] ErrorInfo sendError(int failure, const UnixMessage &message, const Address &destination) const;
    [[nodiscard]] bool enqueue(UnixMessage &message, const Address &destination, bool byName, Destination *there);
    int flush(const Address &address, Destination &there);
    void flushPeer();
    void flushDue(Clock::time_point now);
    void flushAll();
    void tried(Destination &there, int done);
    void removeFirst(Destination &there);
    void drop(Address address, Destination &there, const ErrorInfo &why);
    void dropAll(const ErrorInfo &why);
    void leavePeer(); // before another one
    void updateCongestion(Destination &there);
    void updateTotalCongestion();
    void setCongested(bool &congestedHere, bool now);
    void forgetEmpty();
    void schedule();
    [[nodiscard]] bool waitsForPoll(const Address &address, const Destination &there) const;
    [[nodiscard]] bool waitsForPoll() const;
    [[nodiscard]] std::optional<Clock::time_point> nextTry() const;
    [[nodiscard]] IoReadiness waitOnce(bool forReading, QDeadlineTimer deadline);
    [[nodiscard]] bool isShutDown() const;

    // What turnEnded() is to tell
    struct Incident {
        ErrorInfo info;
        Address destination;
        int dropped;
    };
    void setError(const ErrorInfo &info, int dropped);
    std::deque<Incident> incidents;
    int sent = 0;
    bool lostDescriptors = false;
    bool toldCongested = false;
    quint64 droppedTotal = 0;

    QTimer *retryTimer = nullptr; // child of q
};

} // namespace InterprocessQt

#endif
