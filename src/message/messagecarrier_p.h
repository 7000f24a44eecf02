// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGECARRIER_P_H
#define INTERPROCESSQT_MESSAGECARRIER_P_H

#include <InterprocessQt/LocalServer.h>
#include <InterprocessQt/LocalSocket.h>

#include <memory>
#include <vector>

/*
 * What message sockets need of a platform beyond local sockets. Each platform implements all of it.
 *
 * A carrier is a local socket whose bytes are frames: a length of 4 bytes, big-endian, and so many bytes. Between two
 * carriers of packets the length does not travel: the kernel keeps the boundaries, and the carrier writes it for the
 * reader. So connecting, ending, waiting, limits and errors are those of a local socket, and there is one reader of
 * frames for both.
 */
namespace InterprocessQt::MessageCarrier
{

inline constexpr qint64 HeadSize = 4;

// Where the platform has no packets both functions make those of streams.
[[nodiscard]] std::unique_ptr<LocalSocket> makeSocket(bool packets, QObject *parent);
[[nodiscard]] std::unique_ptr<LocalServer> makeServer(bool packets, QObject *parent);
[[nodiscard]] bool hasPackets();
// The largest packet that the system carries.
[[nodiscard]] qint64 maximumPacketSize();
void connectPair(LocalSocket &one, LocalSocket &other);
bool adopt(LocalSocket &carrier, NativeHandle::Type handle);

// All of it or nothing. Takes the handles if it returns Sent.
enum class SendResult {
    Sent,
    NoRoom,
    BadHandle, // error in nativeError
    Unsupported, // handles cannot travel here
};
[[nodiscard]] SendResult send(LocalSocket &carrier, QByteArrayView message, std::vector<NativeHandle> &handles, int &nativeError);

// A packet that is larger is a broken connection; it counts for those that arrive.
void setMaximumSize(LocalSocket &carrier, qint64 size);
void setMaximumHandles(LocalSocket &carrier, int count);
// The same for the sockets that a server accepts from now on: messages may arrive before anybody has asked for them.
void setLimits(LocalServer &server, qint64 maximumSize, int maximumHandles);
// Those that came with what has been read.
[[nodiscard]] std::vector<NativeHandle> takeHandles(LocalSocket &carrier, bool &lost);

} // namespace InterprocessQt::MessageCarrier

#endif
