// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGECHANNEL_P_H
#define INTERPROCESSQT_MESSAGECHANNEL_P_H

#include "framedecoder_p.h"
#include "stream/lifeguard_p.h"
#include "stream/turnqueue_p.h"

#include <InterprocessQt/MessageChannel.h>

#include <QtCore/qcoreevent.h>
#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qpointer.h>

#include <array>
#include <functional>
#include <limits>
#include <utility>

namespace InterprocessQt
{
class StreamDevice;

/*
 * Moves bytes between the devices and the decoder, one frame at a time: what belongs to later frames stays with the
 * device, or in `ahead` where looking at it without taking it would be expensive.
 */
class MessageChannelPrivate : public Life, public TurnClient
{
public:
    explicit MessageChannelPrivate(MessageChannel *channel)
        : q(channel)
    {
    }

    static MessageChannelPrivate *get(const MessageChannel *channel)
    {
        return channel->d.get();
    }

    // The devices
    void setDevices(QIODevice *newRead, QIODevice *newWrite);
    void detach();
    void deviceDestroyed(bool reads);
    void deviceCloses(bool reads);
    [[nodiscard]] bool isOpen() const
    {
        return attached && !finished && !failed;
    }
    [[nodiscard]] bool isCongested() const
    {
        return writing || !backlog.isEmpty();
    }

    // Receiving
    void inputArrived();
    void inputFinished();
    // Is there a message in the decoder, or can one be made of at most `share` bytes of what has arrived?
    bool fetch(qint64 &share);
    bool fetchAll()
    {
        qint64 share = std::numeric_limits<qint64>::max();
        return fetch(share);
    }
    QByteArray take();
    // Delivers all that has arrived, without regard for others: what comes next is to come after it.
    void deliverRest();
    [[nodiscard]] bool deliversNow() const;
    void setFormat(const FrameFormat &format);
    void giveBack();
    bool waitForMessage(QDeadlineTimer deadline);

    // Sending
    // `whole` is the array that the message is in, which a stream may keep instead of a copy.
    bool send(QByteArrayView message, const QByteArray *whole = nullptr);
    void outputTaken();
    void releaseBacklog();
    [[nodiscard]] qint64 backlogSize() const
    {
        return backlog.size() - backlogAt;
    }

    // Errors and the end
    bool refuse(MessageChannel::Error code, const QString &text); // false
    void fail(MessageChannel::Error code, const QString &text, int native = 0);

    void threadChanging();
    static QEvent::Type resumeEventType();
    void turnEnded() override;

    MessageChannel *const q;
    FrameDecoder decoder;
    bool automatic = true;
    bool lastLineMayBeOpen = false;
    // Whose messages these are: without it, whether something is connected to the channel's own signal.
    std::function<bool()> hasAudience;

    QPointer<QIODevice> read;
    QPointer<QIODevice> write;
    StreamDevice *readStream = nullptr; // the same device, if it is one of ours
    StreamDevice *writeStream = nullptr;

    MessageChannel::Error error = MessageChannel::NoError;
    int nativeError = 0;
    QString errorText;

private:
    [[nodiscard]] QByteArrayView nextPiece();
    void takePiece(qsizetype size);
    void deliver();
    void deliver(qint64 share);
    void deliverAll(qint64 share);
    void announcePending();
    void tell();
    void setError(MessageChannel::Error code, const QString &text, int native);
    bool writePieces(const QByteArrayView *pieces, int count, const QByteArray *whole = nullptr);
    [[nodiscard]] bool isSameConnection() const;

    std::array<QMetaObject::Connection, 4> readConnections;
    std::array<QMetaObject::Connection, 3> writeConnections;
    QByteArray ahead; // read from the device, but not decoded yet
    qsizetype aheadAt = 0;
    QByteArray backlog; // the rest of a frame that the device has begun to take
    qsizetype backlogAt = 0;
    quint32 backlogConnection = 0; // of the write stream, when it began
    quint32 deliveries = 0;

    bool attached = false;
    bool inputEnded = false; // nothing more comes than what is there
    bool inputClosed = false; // and what is there cannot be read any more,
    bool inputLost = false; // which was something
    bool inputCut = false; // it was closed before its end had been told
    bool finished = false;
    bool failed = false;
    bool writeBroken = false; // half a frame is on its way, and the rest cannot follow
    bool writing = false;
    bool delivering = false;
    bool arrivedMeanwhile = false;
    bool pendingTold = false;
    bool shareUsedUp = false; // there may be more to decode

    bool openTold = false;
    bool congestionUntold = false;
    bool congestionTold = false;
    bool errorUntold = false;
    bool finishedUntold = false;
    bool devicesUntold = false;
};

} // namespace InterprocessQt

#endif
