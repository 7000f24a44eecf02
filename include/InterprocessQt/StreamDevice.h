// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_STREAMDEVICE_H
#define INTERPROCESSQT_STREAMDEVICE_H

#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qbytearrayview.h>
#include <QtCore/qiodevice.h>

#include <chrono>
#include <memory>

namespace InterprocessQt
{
class StreamDevicePrivate;

// The base of every byte stream: buffers, limits, half-close, waits, errors.
class INTERPROCESSQT_EXPORT StreamDevice : public QIODevice
{
    Q_OBJECT
    Q_PROPERTY(qint64 readBufferSize READ readBufferSize WRITE setReadBufferSize NOTIFY readBufferSizeChanged)
    Q_PROPERTY(qint64 writeBufferLimit READ writeBufferLimit WRITE setWriteBufferLimit NOTIFY writeBufferLimitChanged)
    Q_PROPERTY(bool congested READ isCongested NOTIFY congestedChanged)
    Q_PROPERTY(bool halfOpenAllowed READ isHalfOpenAllowed WRITE setHalfOpenAllowed NOTIFY halfOpenAllowedChanged)
    Q_PROPERTY(InterprocessQt::StreamDevice::Error error READ error NOTIFY errorOccurred)
    Q_PROPERTY(int nativeError READ nativeError NOTIFY errorOccurred)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorOccurred)

public:
    // The values are those of QLocalSocket::LocalSocketError.
    enum Error {
        UnknownSocketError = -1,
        ConnectionRefusedError = 0,
        PeerClosedError = 1,
        ServerNotFoundError = 2,
        SocketAccessError = 3,
        SocketResourceError = 4,
        SocketTimeoutError = 5,
        DatagramTooLargeError = 6,
        ConnectionError = 7,
        UnsupportedSocketOperationError = 10,
        OperationError = 19,
    };
    Q_ENUM(Error)

    ~StreamDevice() override;

    [[nodiscard]] Error error() const;
    [[nodiscard]] int nativeError() const;

    [[nodiscard]] bool isSequential() const override;
    [[nodiscard]] qint64 bytesAvailable() const override;
    [[nodiscard]] qint64 bytesToWrite() const override;
    [[nodiscard]] bool canReadLine() const override;
    Q_INVOKABLE void close() override;

    // QIODevice's, without what it does that a stream has no use for. Nothing differs but the speed.
    using QIODevice::read;
    qint64 read(char *data, qint64 maxSize);
    using QIODevice::write;
    qint64 write(const char *data, qint64 size);
    qint64 write(const QByteArray &data);

    [[nodiscard]] QByteArrayView view();
    qint64 consume(qint64 size);

    [[nodiscard]] qint64 readBufferSize() const;
    void setReadBufferSize(qint64 size);
    [[nodiscard]] qint64 writeBufferLimit() const;
    void setWriteBufferLimit(qint64 size);
    [[nodiscard]] bool isCongested() const;

    [[nodiscard]] bool isHalfOpenAllowed() const;
    void setHalfOpenAllowed(bool allowed);
    Q_INVOKABLE bool closeWriteChannel();
    [[nodiscard]] bool isWriteChannelOpen() const;
    [[nodiscard]] bool isReadChannelFinished() const;

    Q_INVOKABLE bool flush();
    Q_INVOKABLE virtual void abort();

    bool waitForReadyRead(int msecs = 30000) override;
    bool waitForBytesWritten(int msecs = 30000) override;
    bool waitForReadyRead(std::chrono::milliseconds timeout);
    bool waitForBytesWritten(std::chrono::milliseconds timeout);

    bool event(QEvent *event) override;

Q_SIGNALS:
    void errorOccurred(InterprocessQt::StreamDevice::Error error);
    void congestedChanged(bool congested);
    void readBufferSizeChanged();
    void writeBufferLimitChanged();
    void halfOpenAllowedChanged();

protected:
    StreamDevice(StreamDevicePrivate &dd, QObject *parent);

    qint64 readData(char *data, qint64 maxSize) override;
    qint64 readLineData(char *data, qint64 maxSize) override;
    qint64 skipData(qint64 maxSize) override;
    qint64 writeData(const char *data, qint64 size) override;

    std::unique_ptr<StreamDevicePrivate> const d;

private:
    friend class StreamDevicePrivate;
    Q_DISABLE_COPY_MOVE(StreamDevice)
};

INTERPROCESSQT_EXPORT QDebug operator<<(QDebug debug, StreamDevice::Error error);

} // namespace InterprocessQt

#endif
