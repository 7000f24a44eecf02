// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGEEXCHANGE_H
#define INTERPROCESSQT_MESSAGEEXCHANGE_H

#include "interprocessqt_qml_export.h"
#include "messageparser.h"

#include <InterprocessQt/MessageChannel.h>
#include <InterprocessQt/StreamDevice.h>

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

namespace InterprocessQt
{

// Between a stream and JavaScript: a channel finds where a message ends, a parser makes it a value. What every element that
// is a stream has one of.
class INTERPROCESSQT_QML_EXPORT MessageExchange : public QObject
{
    Q_OBJECT

public:
    explicit MessageExchange(QObject *element);
    ~MessageExchange() override;

    [[nodiscard]] MessageParser *parser() const;
    void setParser(MessageParser *parser);
    // Starts anew, also with the same devices. Either may be null.
    void setDevices(StreamDevice *readDevice, StreamDevice *writeDevice);

    [[nodiscard]] bool isPaused() const;
    void setPaused(bool paused);

    // Throws in JavaScript if the value is none that can be sent.
    bool send(const QJSValue &message);
    // How many bytes were taken, or -1.
    qint64 write(const QJSValue &data);
    [[nodiscard]] QByteArray read(qint64 maxSize);

    // Whether everything has been delivered that arrived before the end of the device.
    [[nodiscard]] bool isDrained() const;

Q_SIGNALS:
    // There is none any more.
    void parserDestroyed();
    void message(const QVariant &message);
    void messageRejected(const QString &reason, const QByteArray &data);
    void messageError(const QString &reason);
    // The rest of the stream cannot be understood: it should be closed.
    void broken();
    void drained();

private:
    void start();
    void readChunks();
    void tellEnd();
    void writeRest();
    void deliver(const QByteArray &bytes);
    void channelFailed();
    void configure();
    void throwError(const QString &text);

    QObject *const m_element;
    QPointer<MessageParser> m_parser;
    QPointer<StreamDevice> m_read;
    QPointer<StreamDevice> m_write;
    MessageChannel m_channel;
    bool m_chunks = false;
    bool m_ended = false; // and nobody has been told
    QByteArray m_rest; // of a chunk that the device has not taken to its end
};

} // namespace InterprocessQt

#endif
