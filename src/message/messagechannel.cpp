// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/MessageChannel.h>

#include "messagechannel_p.h"
#include "stream/streamdevice_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qmetaobject.h>

#include <algorithm>
#include <limits>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::MessageChannel
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/MessageChannel
    \brief Messages over any QIODevice: each is framed, and arrives whole.
    \reentrant

    A stream knows no messages. A channel puts a mark at each one that is sent, and makes messages again of what
    arrives, in whatever pieces it does:

    \snippet snippets/messagechannel.cpp channel

    It works on a LocalSocket, a QProcess, a TCP socket, a file or a QBuffer, and on two devices, one to read from and
    one to write to (setDevices()). It owns neither. All platforms have it.

    \section1 Receiving

    Once something is connected to messageReceived(), each message is told by it, from the event loop. Otherwise, and
    while automaticDelivery is false, messages wait: messagesPending() tells of it, receive() takes them. At most one
    message is taken from the device ahead then. The rest stays there, so a StreamDevice with a
    StreamDevice::readBufferSize makes the peer wait.

    messageReceived() and messagesPending() are not emitted from inside each other or themselves: in a slot that runs an
    event loop of its own, or waits with waitForMessage(), the next message is to be had from receive(); errorOccurred()
    and finished() come when that slot is back, too. In every slot the channel may be deleted, closed or given another
    format, and the device deleted: a StreamDevice at once, others by deleteLater(), as several of Qt's, QTcpSocket among
    them, cannot be deleted while they emit QIODevice::readyRead().

    A channel decodes 64 KiB at a time before others get their turn.

    \section1 The end

    When the device has ended after a whole message, finished() is emitted; messages can be sent as long as the device
    takes them. A channel that has only a device to write to has ended when that is closed or destroyed. Anything else
    ends the channel for good, in both directions, with errorOccurred(): a length above maximumMessageSize, a line without
    an end, a header that makes no sense, an end within a message (but see unterminatedLineAllowed). Where the next
    message would begin is not guessed, and nothing more is read; the device should be closed. isOpen() is false after
    either; setDevice() starts anew, also with the same device.

    Who closes the device, or destroys a StreamDevice, drops what is in it, as with any QIODevice; of that the channel tells as of an end
    within a message. What it has taken from the device before, it delivers. To get no more messages call close().

    A length that is only announced costs no memory: there is never more than twice as much in use as has arrived.

    \section1 Devices

    While a channel uses a device nobody else reads from it. When the channel leaves it (close(), setDevice() or its
    destruction) everything that has not been delivered or received goes back to the device, to be read there:
    readyRead() is not emitted for it again.

    The end is known from QIODevice::readChannelFinished() for devices that are sequential, so the device must be given
    to the channel before it is emitted; only of a StreamDevice the channel knows it later, too. A file or a QBuffer
    has ended where it ends at the time. The same object should not be both read from and written to by a channel if it
    has only one position for both. A QFile on a pipe does not tell when something arrives, and cannot be read by a
    channel. Text mode is switched off in the device.

    A LocalSocket may be given to a channel before it is connected. To go on with its next connection call setDevice()
    in the slot of LocalSocket::connected().

    Channel and device live in the same thread, and are moved to another one together.
*/

/*!
    \enum InterprocessQt::MessageChannel::Framing

    How a message is marked.

    \value LengthPrefix  4 bytes with its length, in byteOrder, stand before it. A message may be empty, and have any
           bytes. With NativeEndian this is what browsers speak with extensions (native messaging).
    \value Lines  It ends with a line end, see lineEnding. An empty line is an empty message. What follows the last line
           end of a stream is a TruncatedMessageError, unless unterminatedLineAllowed.
    \value ContentLength  A header as in HTTP stands before it, \c {Content-Length: 5} and an empty line, each with CR LF.
           Other header fields are skipped when receiving, and none are sent. The header has 8192 bytes at most
           (MaximumHeaderSize). This is what language servers (LSP) and debuggers (DAP) speak.
*/

/*!
    \enum InterprocessQt::MessageChannel::ByteOrder

    The order of the 4 bytes of LengthPrefix.

    \value BigEndian  The most significant first, as usual in networks.
    \value LittleEndian  The least significant first.
    \value NativeEndian  As this machine keeps them.
*/

/*!
    \enum InterprocessQt::MessageChannel::LineEnding

    What ends a line.

    \value LineFeed  A line feed, and nothing else: a carriage return before it belongs to the message.
    \value AnyLineEnding  A line feed is sent. When receiving, one carriage return before it is dropped. A message that
           ends with a carriage return cannot be sent.
    \value CarriageReturnLineFeed  The same, but CR LF is sent.
*/

/*!
    \enum InterprocessQt::MessageChannel::Error

    What went wrong. No system was asked, so nativeError() is 0, but for DeviceError.

    \value NoError  Nothing.
    \value MessageTooLargeError  A message has more than maximumMessageSize bytes. When receiving, this ends the
           channel. A message that is to be sent is refused.
    \value BrokenFrameError  A header of ContentLength does not have that field, has it twice or with something else
           than a decimal number, has a line that is no header field or does not end with CR LF, or is longer than
           8192 bytes. Ends the channel.
    \value TruncatedMessageError  The device has ended, was closed or destroyed within a message, or was closed while there
           was something in it that the channel had not taken yet. Ends the channel.
    \value InvalidMessageError  A line was to be sent that has a line feed in it, or ends as a line does. Refused.
    \value CongestedError  A message was to be sent while \l congested. Refused.
    \value DeviceError  Writing to the device failed, or there is none that can be written to: the message is refused, or
           one accepted before is lost. Reading from a file failed: this ends the channel. nativeError() is that of the
           device, where it is a StreamDevice that was written to.
*/

/*!
    \variable InterprocessQt::MessageChannel::DefaultMaximumMessageSize
    \brief 16 MiB
*/

/*!
    \variable InterprocessQt::MessageChannel::MaximumHeaderSize
    \brief 8192, the bytes that a header of ContentLength has at most, with its empty line
*/

/*!
    Makes a channel that has no device yet, with the parent \a parent.
*/
MessageChannel::MessageChannel(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<MessageChannelPrivate>(this))
{
}

/*!
    Makes a channel that reads from \a device and writes to it, in \a framing, with the parent \a parent.
*/
MessageChannel::MessageChannel(QIODevice *device, Framing framing, QObject *parent)
    : MessageChannel(parent)
{
    setFraming(framing);
    setDevice(device);
}

/*!
    Leaves the devices as close() does.
*/
MessageChannel::~MessageChannel()
{
    d->detach();
}

/*!
    \property InterprocessQt::MessageChannel::device
    \brief the device that is read from and written to

    Null if those are two, or there is none. The setter starts the channel anew, also with the same device, and makes
    error() NoError. What the device has already is delivered. If it is destroyed the channel ends.
*/
QIODevice *MessageChannel::device() const
{
    return d->read == d->write ? d->read.data() : nullptr;
}

void MessageChannel::setDevice(QIODevice *device)
{
    d->setDevices(device, device);
}

/*!
    \property InterprocessQt::MessageChannel::readDevice
    \brief the device that is read from

    The setter starts the channel anew.
*/
QIODevice *MessageChannel::readDevice() const
{
    return d->read;
}

void MessageChannel::setReadDevice(QIODevice *device)
{
    d->setDevices(device, d->write);
}

/*!
    \property InterprocessQt::MessageChannel::writeDevice
    \brief the device that is written to

    The setter starts the channel anew.
*/
QIODevice *MessageChannel::writeDevice() const
{
    return d->write;
}

void MessageChannel::setWriteDevice(QIODevice *device)
{
    d->setDevices(d->read, device);
}

/*!
    Sets what is read from to \a readDevice, and what is written to to \a writeDevice: standard input and output, or two
    pipes. Either may be null. Starts the channel anew.
*/
void MessageChannel::setDevices(QIODevice *readDevice, QIODevice *writeDevice)
{
    d->setDevices(readDevice, writeDevice);
}

/*!
    \property InterprocessQt::MessageChannel::open
    \brief whether there may still be messages

    True from setDevice() until the end, an error that ends the channel, or close(). It becomes false as soon as that
    has been seen; openChanged() follows finished() or errorOccurred().
*/
bool MessageChannel::isOpen() const
{
    return d->isOpen();
}

/*!
    Leaves the devices, as setDevice() with null does, without an error and without finished(). They stay open. What has
    arrived but has not been delivered or received can be read from the device again. What the device has not taken of
    the last message, while \l congested, is written: a StreamDevice takes it whatever its limit is. After an error in
    receiving, what was read of the broken frame is gone.
*/
void MessageChannel::close()
{
    d->setDevices(nullptr, nullptr);
}

/*!
    \property InterprocessQt::MessageChannel::framing
    \brief how messages are marked

    LengthPrefix by default. May be changed at any time, as for a protocol that begins with lines: it counts from the
    next message that is sent, and from the first that has not been delivered or received.
*/
MessageChannel::Framing MessageChannel::framing() const
{
    return d->decoder.format().framing;
}

void MessageChannel::setFraming(Framing framing)
{
    FrameFormat format = d->decoder.format();
    if (std::exchange(format.framing, framing) == framing)
        return;
    d->setFormat(format);
    Q_EMIT framingChanged();
}

/*!
    \property InterprocessQt::MessageChannel::byteOrder
    \brief the order of the bytes of a length

    BigEndian by default. Plays a part in LengthPrefix only.
*/
MessageChannel::ByteOrder MessageChannel::byteOrder() const
{
    return d->decoder.format().byteOrder;
}

void MessageChannel::setByteOrder(ByteOrder order)
{
    FrameFormat format = d->decoder.format();
    if (std::exchange(format.byteOrder, order) == order)
        return;
    d->setFormat(format);
    Q_EMIT byteOrderChanged();
}

/*!
    \property InterprocessQt::MessageChannel::lineEnding
    \brief what ends a line

    LineFeed by default. Plays a part in Lines only.
*/
MessageChannel::LineEnding MessageChannel::lineEnding() const
{
    return d->decoder.format().lineEnding;
}

void MessageChannel::setLineEnding(LineEnding ending)
{
    FrameFormat format = d->decoder.format();
    if (std::exchange(format.lineEnding, ending) == ending)
        return;
    d->setFormat(format);
    Q_EMIT lineEndingChanged();
}

/*!
    \property InterprocessQt::MessageChannel::unterminatedLineAllowed
    \brief whether what follows the last line end of a stream is a message, too

    False by default: a line without an end may be half of what was sent, if its sender has crashed, and is a
    TruncatedMessageError. Set it to true for text that people or editors write, whose last line is often without an end;
    QTextStream::readLine() and others deliver it, too. After a last line end there is no empty message.

    Plays a part in Lines only, and at the end of a stream: when the device is closed or destroyed on this side, what has
    arrived of a line is an error all the same. A carriage return at the end is dropped as one before a line feed would be, see
    lineEnding.
*/
bool MessageChannel::isUnterminatedLineAllowed() const
{
    return d->lastLineMayBeOpen;
}

void MessageChannel::setUnterminatedLineAllowed(bool allowed)
{
    if (std::exchange(d->lastLineMayBeOpen, allowed) == allowed)
        return;
    Q_EMIT unterminatedLineAllowedChanged();
}

/*!
    \property InterprocessQt::MessageChannel::maximumMessageSize
    \brief the number of bytes that a message has at most, sent or received

    16 MiB by default. The marks do not count. 0 lets only empty messages pass, negative sizes are taken for it.
    LengthPrefix cannot stand for more than 4 GiB - 1. A change does not concern a message whose length has arrived
    already.
*/
qint64 MessageChannel::maximumMessageSize() const
{
    return d->decoder.format().maximumSize;
}

void MessageChannel::setMaximumMessageSize(qint64 size)
{
    // Sums of sizes stay within their type.
    size = std::clamp<qint64>(size, 0, std::numeric_limits<qsizetype>::max() / 4);
    FrameFormat format = d->decoder.format();
    if (std::exchange(format.maximumSize, size) == size)
        return;
    d->setFormat(format);
    Q_EMIT maximumMessageSizeChanged();
}

/*!
    Sends \a message. Returns true if the device has taken it, or will: either the whole message is sent or nothing of it.
    Never blocks.

    If the device takes only a part, as a StreamDevice with a StreamDevice::writeBufferLimit does, the rest is kept and
    written when there is room. Until then the channel is \l congested and sends nothing else.

    What the kernel does not take at once of a large array is not copied by a StreamDevice: the array is shared until it has been
    written.

    Returns false, sets error() and emits errorOccurred() from the event loop, if the message is refused:
    MessageTooLargeError, InvalidMessageError, CongestedError, DeviceError (no device, not open for writing, or its
    QIODevice::write() returns -1). The channel goes on then. Also returns false after the channel was ended by an
    error, which stays what it is.
*/
bool MessageChannel::send(const QByteArray &message)
{
    return d->send(message, &message);
}

/*!
    \overload
*/
bool MessageChannel::send(QByteArrayView message)
{
    return d->send(message);
}

/*!
    \overload

    Sends \a message up to its terminating zero.
*/
bool MessageChannel::send(const char *message)
{
    return d->send(QByteArrayView(message));
}

/*!
    \property InterprocessQt::MessageChannel::congested
    \brief whether the device has not taken the last message to its end yet

    It becomes true inside send(); congestedChanged() tells of it from the event loop. send() refuses messages until it
    is false again. With devices that take everything, as all do that have no limit, it never becomes true, except for a
    slot that the device calls while it takes a message: a message sent from there would come into the middle of the other.
*/
bool MessageChannel::isCongested() const
{
    return d->isCongested();
}

/*!
    Returns how many bytes of the last message the device has not taken yet. What it has taken and not written is counted
    by QIODevice::bytesToWrite().
*/
qint64 MessageChannel::bytesToWrite() const
{
    return d->backlogSize();
}

/*!
    \property InterprocessQt::MessageChannel::automaticDelivery
    \brief whether messageReceived() is emitted, where something is connected to it

    True by default. While it is false, messages wait for receive(); the device is read no further than the next
    message. It can be set to false for a pause, also in a slot of messageReceived().
*/
bool MessageChannel::isAutomaticDelivery() const
{
    return d->automatic;
}

void MessageChannel::setAutomaticDelivery(bool automatic)
{
    if (std::exchange(d->automatic, automatic) == automatic)
        return;
    d->scheduleTurnEnd();
    Q_EMIT automaticDeliveryChanged();
}

/*!
    Returns true if there is a message for receive(). Decodes what has arrived as far as necessary; whatever is found
    wrong with it is in error() at once, and is told from the event loop.
*/
bool MessageChannel::hasPendingMessages()
{
    return d->fetchAll();
}

/*!
    Returns the next message, or nothing if none has arrived to its end. It may be empty.
*/
std::optional<QByteArray> MessageChannel::receive()
{
    if (!d->fetchAll())
        return {};
    return d->take();
}

/*!
    Waits for a message, for \a msecs at most or for ever if that is -1, with QIODevice::waitForReadyRead(). Returns true
    if there is one for receive(), or, where they are delivered automatically, if messageReceived() has been emitted
    during the call, for one or more. Works without an event loop, if the device does. Signals that are due are emitted
    from inside.

    Returns false if the time is over, the channel has ended, the device cannot wait, or the channel was deleted in a
    slot. isOpen() and error() say which.
*/
bool MessageChannel::waitForMessage(int msecs)
{
    return d->waitForMessage(QDeadlineTimer(msecs));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool MessageChannel::waitForMessage(std::chrono::milliseconds timeout)
{
    return d->waitForMessage(deadlineOf(timeout));
}

/*!
    \property InterprocessQt::MessageChannel::error
    \brief what went wrong last
*/
MessageChannel::Error MessageChannel::error() const
{
    return d->error;
}

/*!
    Returns the code of the system that belongs to a DeviceError, 0 for every other error and where it is not known.
*/
int MessageChannel::nativeError() const
{
    return d->nativeError;
}

/*!
    \property InterprocessQt::MessageChannel::errorString
    \brief what went wrong last, with the limit and the size that was found, where it is about them
*/
QString MessageChannel::errorString() const
{
    return d->errorText;
}

/*!
    Reimplemented to go on in the thread that the channel is moved to. Returns what QObject makes of any other \a event.
*/
bool MessageChannel::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange) {
        d->threadChanging();
    } else if (event->type() == MessageChannelPrivate::resumeEventType()) {
        d->scheduleTurnEnd();
        return true;
    }
    return QObject::event(event);
}

/*!
    Reimplemented to deliver what has been waiting for somebody to be connected to \a signal.
*/
void MessageChannel::connectNotify(const QMetaMethod &signal)
{
    QObject::connectNotify(signal);
    // Posted, for any thread may make the connection.
    if (signal == QMetaMethod::fromSignal(&MessageChannel::messageReceived))
        QCoreApplication::postEvent(this, new QEvent(MessageChannelPrivate::resumeEventType()));
}

/*!
    \fn void InterprocessQt::MessageChannel::messageReceived(const QByteArray &message)

    Emitted for each \a message, in order, while automaticDelivery is true.
*/

/*!
    \fn void InterprocessQt::MessageChannel::messagesPending()

    Emitted when there is a message for receive(), and none was told of since the last call of that. Who takes only one
    is told again of the next. Not emitted while messages are delivered by messageReceived().
*/

/*!
    \fn void InterprocessQt::MessageChannel::finished()

    Emitted when the device has ended, was closed or destroyed, and all messages have been delivered or received: the
    last one was whole, and nothing was left. Not after close().
*/

/*!
    \fn void InterprocessQt::MessageChannel::errorOccurred(InterprocessQt::MessageChannel::Error error)

    Emitted from the event loop, or from waitForMessage(), when the channel was ended by \a error (isOpen() is false),
    after all messages before it; and when send() has refused a message. Several refusals in one turn are told once.
*/

/*!
    \fn void InterprocessQt::MessageChannel::devicesChanged()

    Emitted when there is another device to read from or to write to, also because one was destroyed.
*/

} // namespace InterprocessQt
