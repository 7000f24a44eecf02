// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "message/messagecarrier_p.h"

#include "local/localserver_p.h"
#include "local/localsocket_p.h"

#include <QtCore/qendian.h>

#include <limits>

/*
 * Streams of frames.
 */
namespace InterprocessQt::MessageCarrier
{

namespace
{
LocalSocketPrivate *privateOf(LocalSocket &carrier)
{
    return LocalSocketPrivate::get(&carrier);
}
} // namespace

std::unique_ptr<LocalSocket> makeSocket(bool, QObject *parent)
{
    return std::make_unique<LocalSocket>(parent);
}

std::unique_ptr<LocalServer> makeServer(bool, QObject *parent)
{
    return std::make_unique<LocalServer>(parent);
}

bool hasPackets()
{
    return false;
}

qint64 maximumPacketSize()
{
    return 0;
}

void connectPair(LocalSocket &one, LocalSocket &other)
{
    LocalSocketPrivate::pairUp(*privateOf(one), *privateOf(other));
}

bool adopt(LocalSocket &carrier, NativeHandle::Type handle)
{
    return carrier.setSocketDescriptor(handle);
}

SendResult send(LocalSocket &carrier, QByteArrayView message, std::vector<NativeHandle> &handles, int &nativeError)
{
    if (!handles.empty()) {
        nativeError = 0;
        return SendResult::Unsupported;
    }
    char head[HeadSize];
    qToBigEndian(quint32(message.size()), head);
    return privateOf(carrier)->acceptWhole({QByteArrayView(head, HeadSize), message}) ? SendResult::Sent : SendResult::NoRoom;
}

// The channel that reads the frames has the same limit, and needs no second one.
void setMaximumSize(LocalSocket &, qint64)
{
}

void setMaximumHandles(LocalSocket &, int)
{
}

void setLimits(LocalServer &, qint64, int)
{
}

std::vector<NativeHandle> takeHandles(LocalSocket &, bool &lost)
{
    lost = false;
    return {};
}

} // namespace InterprocessQt::MessageCarrier
