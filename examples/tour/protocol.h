// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_PROTOCOL_H
#define TOUR_PROTOCOL_H

#include <InterprocessQt/LocalSocket>

#include <QByteArray>

/*
 * What travels over the socket. A stream has no boundaries of its own: ten writes may arrive as one piece, or one write
 * as ten. So every message says how long it is:
 *
 *     4 bytes   n, the size of the content, the most significant byte first
 *     1 byte    the kind of message
 *     n bytes   the content, at most 128 KiB
 *
 * The client begins, and the service answers:
 *
 *     Hello      the name of this protocol      Hello         the same: both speak the same language
 *     FilePart   a part of a file; any number
 *     FileEnd                                   FileReceipt   the size as 8 bytes, and the SHA-256 as 32
 *     BulkPart   any bytes; any number
 *     BulkEnd                                   BulkReceipt   the size as 8 bytes
 *     Question   a number as 8 bytes            Answer        its square as 8 bytes
 *     Goodbye                                   Goodbye       and the service ends
 */
namespace protocol
{

enum class Kind : quint8 {
    Hello = 1,
    FilePart,
    FileEnd,
    FileReceipt,
    BulkPart,
    BulkEnd,
    BulkReceipt,
    Question,
    Answer,
    Goodbye,
};

struct Message {
    Kind kind = Kind::Hello;
    QByteArray content;
};

inline constexpr char Greeting[] = "InterprocessQt tour, version 1";
inline constexpr qsizetype MaximumContent = 128 * 1024;

// A message as it goes over the socket, ready to be written.
[[nodiscard]] QByteArray encoded(Kind kind, const QByteArray &content = {});

enum class Arrival {
    Nothing, // the next message has not arrived completely yet
    Complete,
    Garbage, // whoever is at the other end does not speak this protocol
};

// Takes the next message off what has arrived.
[[nodiscard]] Arrival receive(InterprocessQt::LocalSocket &socket, Message &message);

[[nodiscard]] QByteArray fromNumber(quint64 number);
// The first 8 bytes; 0 if there are fewer.
[[nodiscard]] quint64 toNumber(const QByteArray &content);

} // namespace protocol

#endif
