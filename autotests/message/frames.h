// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef FRAMES_H
#define FRAMES_H

#include <InterprocessQt/MessageChannel>

#include <QByteArray>
#include <QTest>
#include <QtEndian>

// What stands on the wire, written down here a second time: the library is not asked.
namespace Frames
{
using Channel = InterprocessQt::MessageChannel;

inline QByteArray prefixed(const QByteArray &message)
{
    QByteArray frame(4, '\0');
    qToBigEndian(quint32(message.size()), frame.data());
    return frame + message;
}

inline QByteArray frame(Channel::Framing framing, const QByteArray &message)
{
    switch (framing) {
    case Channel::LengthPrefix:
        return prefixed(message);
    case Channel::Lines:
        return message + '\n';
    case Channel::ContentLength:
        return "Content-Length: " + QByteArray::number(message.size()) + "\r\n\r\n" + message;
    }
    return {};
}

inline QByteArray frames(Channel::Framing framing, const QList<QByteArray> &messages)
{
    QByteArray bytes;
    for (const QByteArray &message : messages)
        bytes += frame(framing, message);
    return bytes;
}

// Rows for each framing, named after it.
inline void addFramings()
{
    QTest::addColumn<Channel::Framing>("framing");
    QTest::newRow("length prefix") << Channel::LengthPrefix;
    QTest::newRow("lines") << Channel::Lines;
    QTest::newRow("content length") << Channel::ContentLength;
}
} // namespace Frames

#endif
