// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "protocol.h"

#include <QtEndian>

namespace protocol
{

namespace
{
constexpr qsizetype HeaderSize = 5;

bool isKind(quint8 byte)
{
    return byte >= quint8(Kind::Hello) && byte <= quint8(Kind::Goodbye);
}
} // namespace

QByteArray encoded(Kind kind, const QByteArray &content)
{
    Q_ASSERT(content.size() <= MaximumContent);
    QByteArray bytes(HeaderSize, Qt::Uninitialized);
    qToBigEndian(quint32(content.size()), bytes.data());
    bytes[4] = char(kind);
    return bytes + content;
}

Arrival receive(InterprocessQt::LocalSocket &socket, Message &message)
{
    // Everything that has arrived, without taking it: whether a message is complete can be seen only by looking.
    const QByteArrayView arrived = socket.view();
    if (arrived.size() < HeaderSize)
        return Arrival::Nothing;

    // Looked at before waiting for the rest: who says that four gigabytes will follow must not make us wait for them.
    const auto size = qFromBigEndian<quint32>(arrived.data());
    const auto kind = quint8(arrived[4]);
    if (size > MaximumContent || !isKind(kind))
        return Arrival::Garbage;
    if (arrived.size() < HeaderSize + qsizetype(size))
        return Arrival::Nothing;

    message.kind = Kind(kind);
    message.content = arrived.sliced(HeaderSize, qsizetype(size)).toByteArray();
    socket.consume(HeaderSize + qsizetype(size));
    return Arrival::Complete;
}

QByteArray fromNumber(quint64 number)
{
    QByteArray bytes(sizeof number, Qt::Uninitialized);
    qToBigEndian(number, bytes.data());
    return bytes;
}

quint64 toNumber(const QByteArray &content)
{
    return content.size() < qsizetype(sizeof(quint64)) ? 0 : qFromBigEndian<quint64>(content.constData());
}

} // namespace protocol
