// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGECHANNEL_H
#define INTERPROCESSQT_MESSAGECHANNEL_H

#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>
#include <QtCore/qiodevice.h>
#include <QtCore/qobject.h>

#include <chrono>
#include <memory>
#include <optional>

class QDebug;

namespace InterprocessQt
{
class MessageChannelPrivate;

// Messages over any QIODevice: each is framed, and arrives whole.
class INTERPROCESSQT_EXPORT MessageChannel : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QIODevice *device READ device WRITE setDevice NOTIFY devicesChanged)
    Q_PROPERTY(QIODevice *readDevice READ readDevice WRITE setReadDevice NOTIFY devicesChanged)
    Q_PROPERTY(QIODevice *writeDevice READ writeDevice WRITE setWriteDevice NOTIFY devicesChanged)
    Q_PROPERTY(Framing framing READ framing WRITE setFraming NOTIFY framingChanged)
    Q_PROPERTY(ByteOrder byteOrder READ byteOrder WRITE setByteOrder NOTIFY byteOrderChanged)
    Q_PROPERTY(LineEnding lineEnding READ lineEnding WRITE setLineEnding NOTIFY lineEndingChanged)
    Q_PROPERTY(bool unterminatedLineAllowed READ isUnterminatedLineAllowed WRITE setUnterminatedLineAllowed NOTIFY unterminatedLineAllowedChanged)
    Q_PROPERTY(qint64 maximumMessageSize READ maximumMessageSize WRITE setMaximumMessageSize NOTIFY maximumMessageSizeChanged)
    Q_PROPERTY(bool automaticDelivery READ isAutomaticDelivery WRITE setAutomaticDelivery NOTIFY automaticDeliveryChanged)
    Q_PROPERTY(bool open READ isOpen NOTIFY openChanged)
    Q_PROPERTY(bool congested READ isCongested NOTIFY congestedChanged)
    Q_PROPERTY(Error error READ error NOTIFY errorOccurred)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorOccurred)

public:
    enum Framing {
        LengthPrefix,
        Lines,
        ContentLength,
    };
    Q_ENUM(Framing)

    enum ByteOrder {
        BigEndian,
        LittleEndian,
        NativeEndian,
    };
    Q_ENUM(ByteOrder)

    enum LineEnding {
        LineFeed,
        AnyLineEnding,
        CarriageReturnLineFeed,
    };
    Q_ENUM(LineEnding)

    enum Error {
        NoError,
        MessageTooLargeError,
        BrokenFrameError,
        TruncatedMessageError,
        InvalidMessageError,
        CongestedError,
        DeviceError,
    };
    Q_ENUM(Error)

    static constexpr qint64 DefaultMaximumMessageSize = 16 * 1024 * 1024;
    static constexpr qint64 MaximumHeaderSize = 8 * 1024;

    explicit MessageChannel(QObject *parent = nullptr);
    explicit MessageChannel(QIODevice *device, Framing framing = LengthPrefix, QObject *parent = nullptr);
    ~MessageChannel() override;

    // The devices
    [[nodiscard]] QIODevice *device() const;
    void setDevice(QIODevice *device);
    [[nodiscard]] QIODevice *readDevice() const;
    void setReadDevice(QIODevice *device);
    [[nodiscard]] QIODevice *writeDevice() const;
    void setWriteDevice(QIODevice *device);
    void setDevices(QIODevice *readDevice, QIODevice *writeDevice);
    [[nodiscard]] bool isOpen() const;
    Q_INVOKABLE void close();

    // The format
    [[nodiscard]] Framing framing() const;
    void setFraming(Framing framing);
    [[nodiscard]] ByteOrder byteOrder() const;
    void setByteOrder(ByteOrder order);
    [[nodiscard]] LineEnding lineEnding() const;
    void setLineEnding(LineEnding ending);
    [[nodiscard]] bool isUnterminatedLineAllowed() const;
    void setUnterminatedLineAllowed(bool allowed);
    [[nodiscard]] qint64 maximumMessageSize() const;
    void setMaximumMessageSize(qint64 size);

    // Sending
    Q_INVOKABLE bool send(const QByteArray &message);
    bool send(QByteArrayView message);
    bool send(const char *message);
    [[nodiscard]] bool isCongested() const;
    [[nodiscard]] qint64 bytesToWrite() const;

    // Receiving
    [[nodiscard]] bool isAutomaticDelivery() const;
    void setAutomaticDelivery(bool automatic);
    [[nodiscard]] Q_INVOKABLE bool hasPendingMessages();
    [[nodiscard]] std::optional<QByteArray> receive();
    bool waitForMessage(int msecs = 30000);
    bool waitForMessage(std::chrono::milliseconds timeout);

    // What went wrong last
    [[nodiscard]] Error error() const;
    [[nodiscard]] int nativeError() const;
    [[nodiscard]] QString errorString() const;

    bool event(QEvent *event) override;

Q_SIGNALS:
    void messageReceived(const QByteArray &message);
    void messagesPending();
    void finished();
    void errorOccurred(InterprocessQt::MessageChannel::Error error);
    void congestedChanged(bool congested);
    void openChanged(bool open);
    void devicesChanged();
    void framingChanged();
    void byteOrderChanged();
    void lineEndingChanged();
    void unterminatedLineAllowedChanged();
    void maximumMessageSizeChanged();
    void automaticDeliveryChanged();

protected:
    void connectNotify(const QMetaMethod &signal) override;

private:
    friend class MessageChannelPrivate;
    std::unique_ptr<MessageChannelPrivate> const d;
    Q_DISABLE_COPY_MOVE(MessageChannel)
};

} // namespace InterprocessQt

#endif
