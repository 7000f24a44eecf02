// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "framedecoder_p.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace InterprocessQt
{

namespace
{
constexpr qsizetype PrefixSize = 4;
// Of what a peer has sent so much is shown in a text.
constexpr qsizetype ShownBytes = 40;

QString shown(QByteArrayView bytes)
{
    const QByteArray start = bytes.first(std::min(bytes.size(), ShownBytes)).toByteArray();
    QString text;
    for (const char c : start)
        text += c >= ' ' && c <= '~' ? QLatin1Char(c) : QLatin1Char('.');
    return bytes.size() > ShownBytes ? text + QLatin1String("...") : text;
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}

QByteArrayView withoutSpaces(QByteArrayView text)
{
    while (!text.isEmpty() && isSpace(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && isSpace(text.back()))
        text.chop(1);
    return text;
}

// What RFC 9110 (5.6.2) allows in the name of a header field: a line of a log that has strayed into the stream does not
// look like it.
bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != '\0' && QByteArrayView("!#$%&'*+-.^_`|~").contains(c));
}
} // namespace

FrameDecoder::Result FrameDecoder::decode(QByteArrayView bytes, qsizetype &used)
{
    used = 0;
    if (m_flaw.error != MessageChannel::NoError)
        return Broken;
    Q_ASSERT(!m_complete);
    if (m_format.framing == MessageChannel::Lines)
        return decodeLine(bytes, used);
    if (!m_inBody) {
        const Result result = m_format.framing == MessageChannel::ContentLength ? decodeHeaders(bytes, used) : decodeLength(bytes, used);
        if (!m_inBody)
            return result;
    }
    return decodeBody(bytes, used);
}

FrameDecoder::Result FrameDecoder::decodeLength(QByteArrayView bytes, qsizetype &used)
{
    used = std::min(bytes.size(), PrefixSize - m_head.size());
    m_head.append(bytes.first(used));
    if (m_head.size() < PrefixSize)
        return NeedsMore;
    m_inBody = true;
    return announced(readLength(m_format, m_head.constData()));
}

FrameDecoder::Result FrameDecoder::announced(quint64 length)
{
    if (length > quint64(m_format.maximumSize))
        return broken(MessageChannel::MessageTooLargeError,
                      MessageChannel::tr("receive: a message of %1 bytes is announced, the limit is %2").arg(length).arg(m_format.maximumSize));
    m_length = qint64(length);
    return NeedsMore;
}

// Line by line, so that what is wrong is found at the same byte in whatever pieces they come.
FrameDecoder::Result FrameDecoder::decodeHeaders(QByteArrayView bytes, qsizetype &used)
{
    for (;;) {
        QByteArrayView piece = bytes.sliced(used);
        piece = piece.first(std::min<qsizetype>(piece.size(), MessageChannel::MaximumHeaderSize - m_head.size()));
        const qsizetype end = piece.indexOf('\n');
        piece = end < 0 ? piece : piece.first(end + 1);
        m_head.append(piece);
        used += piece.size();
        if (end < 0) {
            if (m_head.size() < MessageChannel::MaximumHeaderSize)
                return NeedsMore;
            return broken(MessageChannel::BrokenFrameError,
                          MessageChannel::tr("receive: the header has no end within %1 bytes").arg(MessageChannel::MaximumHeaderSize));
        }
        QByteArrayView line = QByteArrayView(m_head).sliced(m_headerLine);
        if (!line.endsWith("\r\n"))
            return broken(MessageChannel::BrokenFrameError, MessageChannel::tr("receive: a header line does not end with CR LF: %1").arg(shown(line)));
        line.chop(2);
        m_headerLine = m_head.size();
        if (line.isEmpty()) {
            if (m_length < 0)
                return broken(MessageChannel::BrokenFrameError, MessageChannel::tr("receive: a header without Content-Length"));
            m_inBody = true;
            return NeedsMore;
        }
        if (headerLine(line) == Broken)
            return Broken;
    }
}

FrameDecoder::Result FrameDecoder::headerLine(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView name = line.first(std::max<qsizetype>(colon, 0));
    if (name.isEmpty() || !std::all_of(name.begin(), name.end(), isNameCharacter))
        return broken(MessageChannel::BrokenFrameError, MessageChannel::tr("receive: this is no header line: %1").arg(shown(line)));
    if (name.compare(QByteArrayView("Content-Length"), Qt::CaseInsensitive) != 0)
        return NeedsMore;
    if (m_length >= 0)
        return broken(MessageChannel::BrokenFrameError, MessageChannel::tr("receive: a header with more than one Content-Length"));

    const QByteArrayView value = withoutSpaces(line.sliced(colon + 1));
    const bool isNumber = !value.isEmpty() && std::all_of(value.begin(), value.end(), [](char c) {
        return c >= '0' && c <= '9';
    });
    if (!isNumber)
        return broken(MessageChannel::BrokenFrameError, MessageChannel::tr("receive: Content-Length is not a number: \"%1\"").arg(shown(value)));
    quint64 length = 0;
    for (const char digit : value) {
        if (length > std::numeric_limits<quint64>::max() / 10 - 1)
            return broken(MessageChannel::MessageTooLargeError,
                          MessageChannel::tr("receive: a message of %1 bytes is announced, the limit is %2").arg(shown(value)).arg(m_format.maximumSize));
        length = length * 10 + quint64(digit - '0');
    }
    return announced(length);
}

FrameDecoder::Result FrameDecoder::decodeBody(QByteArrayView bytes, qsizetype &used)
{
    const QByteArrayView rest = bytes.sliced(used);
    const auto taken = qsizetype(std::min<qint64>(rest.size(), m_length - m_body.size()));
    if (taken == m_length) {
        m_body = QByteArray(rest.data(), taken);
    } else if (taken > 0) {
        // Room for what is there, and as much again: what is only announced gets none.
        const qsizetype needed = m_body.size() + taken;
        if (needed > m_body.capacity())
            m_body.reserve(qsizetype(std::min<qint64>(m_length, std::max(needed, 2 * m_body.size()))));
        m_body.append(rest.first(taken));
    }
    used += taken;
    if (m_body.size() < m_length)
        return NeedsMore;
    m_complete = true;
    return Message;
}

FrameDecoder::Result FrameDecoder::decodeLine(QByteArrayView bytes, qsizetype &used)
{
    const bool dropsReturn = m_format.dropsCarriageReturn();
    const auto limit = qsizetype(m_format.maximumSize);
    // So much may come before the line feed: a carriage return that is dropped does not count.
    const qsizetype room = std::max<qsizetype>(0, limit + (dropsReturn ? 1 : 0) - m_body.size());
    const QByteArrayView piece = bytes.first(std::min(bytes.size(), room + 1));
    const qsizetype end = piece.indexOf('\n');
    used = end < 0 ? piece.size() : end + 1;
    m_body.append(end < 0 ? piece : piece.first(end));

    const bool returned = dropsReturn && m_body.endsWith('\r');
    if (m_body.size() - (returned ? 1 : 0) > limit)
        return broken(MessageChannel::MessageTooLargeError, MessageChannel::tr("receive: a line of more than %1 bytes, the limit").arg(limit));
    if (end < 0)
        return NeedsMore;
    m_tail = returned ? QByteArrayView("\r\n") : QByteArrayView("\n");
    if (returned)
        m_body.chop(1);
    if (m_body.isNull())
        m_body = QByteArray("");
    m_complete = true;
    return Message;
}

bool FrameDecoder::finishLine()
{
    if (m_format.framing != MessageChannel::Lines || m_complete || m_body.isEmpty())
        return false;
    // Half of a line end is not a part of the line.
    if (m_format.dropsCarriageReturn() && m_body.endsWith('\r')) {
        m_tail = QByteArrayView("\r");
        m_body.chop(1);
    }
    m_complete = true;
    return true;
}

FrameDecoder::Result FrameDecoder::broken(MessageChannel::Error error, const QString &text)
{
    reset();
    m_flaw = {error, text};
    return Broken;
}

QByteArray FrameDecoder::takeMessage()
{
    QByteArray message = std::exchange(m_body, {});
    reset();
    return message;
}

QByteArray FrameDecoder::takeFrame()
{
    QByteArray frame = m_head + m_body;
    if (m_complete)
        frame.append(m_tail);
    reset();
    return frame;
}

void FrameDecoder::reset()
{
    m_head.resize(0); // keeps its memory for the next
    m_body.clear();
    m_tail = {};
    m_headerLine = 0;
    m_length = -1;
    m_inBody = m_complete = false;
}

} // namespace InterprocessQt
