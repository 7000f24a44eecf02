// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_CARRIERSOCKET_P_H
#define INTERPROCESSQT_CARRIERSOCKET_P_H

#include "local/localsocket_p.h"
#include "messagecarrier_p.h"

#include <InterprocessQt/MessageSocket.h>

#include <limits>

namespace InterprocessQt
{

/*
 * What the carriers of all platforms have in common. Base is the private class of the platform's socket, TooLarge the error with
 * which its stream says that what arrives is larger than the limit.
 */
template<typename Base, int TooLarge>
class CarrierPrivateOf : public Base
{
public:
    explicit CarrierPrivateOf(LocalKind kind)
        : m_kind(kind)
    {
    }
    LocalKind kind() const override
    {
        return m_kind;
    }
    void streamFailed(const IoResult &result) override
    {
        if (m_kind != LocalKind::Packets || result.error != TooLarge) {
            Base::streamFailed(result);
            return;
        }
        // No call has failed: this is what was found by looking at what comes next.
        const QString text =
            this->describe(MessageSocket::tr("receive from")) + MessageSocket::tr(": a message is larger than the limit, %1 bytes").arg(maximumSize);
        this->finish(ErrorInfo{StreamDevice::DatagramTooLargeError, 0, text});
    }

    qint64 maximumSize = std::numeric_limits<qint64>::max();

private:
    const LocalKind m_kind;
};

template<typename Socket, typename Private>
class CarrierSocketOf final : public Socket
{
public:
    CarrierSocketOf(bool packets, QObject *parent)
        : Socket(*new Private(packets && MessageCarrier::hasPackets() ? LocalKind::Packets : LocalKind::Stream), parent)
    {
    }
    static Private *privateOf(const LocalSocket &carrier)
    {
        return static_cast<Private *>(StreamDevicePrivate::get(&carrier));
    }
};

} // namespace InterprocessQt

#endif
