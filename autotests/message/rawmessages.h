// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWMESSAGES_H
#define RAWMESSAGES_H

#include "rawmessagepeer.h"

namespace Messages
{

// Two that are connected: one of ours, and the other as a handle.
inline std::pair<std::unique_ptr<MessageSocket>, NativeHandle> withRawPeer(Transport transport)
{
    auto [own, peer] = rawPair(transport);
    auto socket = std::make_unique<MessageSocket>(transport);
    if (!socket->setSocketDescriptor(own.get()))
        return {};
    static_cast<void>(own.release());
    return {std::move(socket), std::move(peer)};
}

} // namespace Messages

#endif
