// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messageexchange.h"

#include <QtQml/qjsengine.h>

#include <algorithm>

namespace InterprocessQt
{

namespace
{
// Not by QIODevice::readAll() and its like: the arrays that they resize have room for up to twice as much.
QByteArray takeBytes(QIODevice &device, qint64 size)
{
    if (size <= 0)
        return QByteArray("");
    QByteArray bytes(qsizetype(size), Qt::Uninitialized);
    bytes.truncate(qsizetype(std::max<qint64>(0, device.read(bytes.data(), size))));
    return bytes;
}

// So many bytes at the end.
void giveBack(QIODevice &device, QByteArray &bytes, qsizetype size)
{
    for (; size > 0; --size) {
        device.ungetChar(bytes.back());
        bytes.chop(1);
    }
}
} // namespace

MessageExchange::MessageExchange(QObject *element)
    : m_element(element)
{
    connect(&m_channel, &MessageChannel::messageReceived, this, &MessageExchange::deliver);
    connect(&m_channel, &MessageChannel::errorOccurred, this, &MessageExchange::channelFailed);
    connect(&m_channel, &MessageChannel::finished, this, &MessageExchange::drained);
}

MessageExchange::~MessageExchange()
{
    // What its end emits is not for a half of an object.
    m_channel.disconnect(this);
}

MessageParser *MessageExchange::parser() const
{
    return m_parser;
}

void MessageExchange::setParser(MessageParser *parser)
{
    if (m_parser)
        m_parser->disconnect(this);
    m_parser = parser;
    if (parser) {
        connect(parser, &MessageParser::framingChanged, this, &MessageExchange::start);
        connect(parser, &MessageParser::byteOrderChanged, this, &MessageExchange::configure);
        connect(parser, &MessageParser::lineEndingChanged, this, &MessageExchange::configure);
        connect(parser, &MessageParser::unterminatedLineAllowedChanged, this, &MessageExchange::configure);
        connect(parser, &MessageParser::maximumMessageSizeChanged, this, &MessageExchange::configure);
        connect(parser, &QObject::destroyed, this, [this] {
            start();
            Q_EMIT parserDestroyed();
        });
    }
    start();
}

void MessageExchange::setDevices(StreamDevice *readDevice, StreamDevice *writeDevice)
{
    if (m_read)
        m_read->disconnect(this);
    if (m_write)
        m_write->disconnect(this);
    m_read = readDevice;
    m_write = writeDevice;
    m_rest.clear();
    m_ended = false;
    if (m_write)
        connect(m_write, &QIODevice::bytesWritten, this, &MessageExchange::writeRest);
    if (m_read) {
        connect(m_read, &QIODevice::readyRead, this, &MessageExchange::readChunks);
        connect(m_read, &QIODevice::readChannelFinished, this, [this] {
            // Of what it reads the channel tells itself.
            m_ended = !m_channel.readDevice();
            if (m_chunks)
                readChunks();
            else
                tellEnd();
        });
    }
    start();
}

void MessageExchange::configure()
{
    if (m_parser)
        m_parser->configure(m_channel);
}

void MessageExchange::start()
{
    m_chunks = m_parser && m_parser->framing() == MessageParser::Chunks;
    configure();
    if (m_parser && !m_chunks) {
        m_channel.setDevices(m_read, m_write);
        return;
    }
    m_channel.close();
    if (m_chunks && m_read && m_read->bytesAvailable() > 0)
        QMetaObject::invokeMethod(this, &MessageExchange::readChunks, Qt::QueuedConnection);
}

void MessageExchange::readChunks()
{
    if (!m_chunks || !m_read)
        return;
    const QPointer<MessageExchange> alive(this);
    QByteArray bytes = isPaused() ? QByteArray() : takeBytes(*m_read, m_read->bytesAvailable());
    // Half a character waits for its rest, in the device, where it is for whoever reads next.
    if (!m_read->isReadChannelFinished())
        giveBack(*m_read, bytes, m_parser->unfinished(bytes));
    if (!bytes.isEmpty())
        deliver(bytes);
    if (alive)
        tellEnd();
}

void MessageExchange::tellEnd()
{
    if (!m_ended || !isDrained())
        return;
    m_ended = false;
    Q_EMIT drained();
}

void MessageExchange::writeRest()
{
    if (m_rest.isEmpty() || !m_write)
        return;
    const qint64 taken = m_write->write(m_rest);
    m_rest = taken < 0 ? QByteArray() : m_rest.sliced(qsizetype(taken));
}

void MessageExchange::deliver(const QByteArray &bytes)
{
    if (!m_parser)
        return;
    const MessageParser::Decoded decoded = m_parser->decode(bytes, engineOf(m_element));
    // The last thing done here: the element may be gone then.
    if (decoded.problem.isEmpty())
        Q_EMIT message(decoded.message);
    else
        Q_EMIT messageRejected(decoded.problem, bytes);
}

void MessageExchange::channelFailed()
{
    const QPointer<MessageExchange> alive(this);
    const bool ended = !m_channel.isOpen();
    Q_EMIT messageError(m_channel.errorString());
    if (alive && ended)
        Q_EMIT broken();
}

bool MessageExchange::isPaused() const
{
    return !m_channel.isAutomaticDelivery();
}

void MessageExchange::setPaused(bool paused)
{
    m_channel.setAutomaticDelivery(!paused);
    if (!paused && m_chunks)
        QMetaObject::invokeMethod(this, &MessageExchange::readChunks, Qt::QueuedConnection);
}

bool MessageExchange::isDrained() const
{
    if (m_chunks)
        return !m_read || m_read->bytesAvailable() == 0;
    return !m_channel.isOpen() || !m_channel.readDevice();
}

void MessageExchange::throwError(const QString &text)
{
    if (QJSEngine *const engine = engineOf(m_element))
        engine->throwError(QJSValue::TypeError, text);
    else
        qWarning("%s", qUtf8Printable(text));
}

bool MessageExchange::send(const QJSValue &message)
{
    if (!m_parser) {
        throwError(tr("send: there is no parser; write() takes bytes and text as they are"));
        return false;
    }
    const MessageParser::Encoded encoded = MessageParser::encodeBy(m_parser, message, m_element);
    if (!encoded.problem.isEmpty())
        return false;
    if (m_chunks) {
        if (!m_write || !m_rest.isEmpty())
            return false;
        const qint64 taken = m_write->write(encoded.bytes);
        if (taken >= 0)
            m_rest = encoded.bytes.sliced(qsizetype(taken));
        return taken >= 0;
    }
    return m_channel.send(encoded.bytes);
}

qint64 MessageExchange::write(const QJSValue &data)
{
    const MessageParser::Encoded encoded = bytesOf(data, tr("what is written is an ArrayBuffer, a view of one such as Uint8Array, or text as UTF-8"));
    if (!encoded.problem.isEmpty()) {
        throwError(tr("write: %1").arg(encoded.problem));
        return -1;
    }
    return m_write ? m_write->write(encoded.bytes) : -1;
}

QByteArray MessageExchange::read(qint64 maxSize)
{
    if (!m_read || m_channel.readDevice())
        return QByteArray("");
    const qint64 available = m_read->bytesAvailable();
    return takeBytes(*m_read, maxSize < 0 ? available : std::min(maxSize, available));
}

} // namespace InterprocessQt
