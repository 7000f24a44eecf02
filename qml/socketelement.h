// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SOCKETELEMENT_H
#define INTERPROCESSQT_SOCKETELEMENT_H

#include "elementnumbers.h"
#include "wish.h"

#include <InterprocessQt/LocalSocket.h>

#include <algorithm>
#include <chrono>

namespace InterprocessQt
{

// What elements that connect have in common; see elementnumbers.h. The Element has beginConnecting() for a connection to
// address().
template<typename Element>
class SocketElement : public AddressedWish<Element>, public WriteLimitNumber<Element>
{
    using AddressedWish<Element>::element;

public:
    [[nodiscard]] int minimumDelay() const
    {
        return int(element()->minimumReconnectDelay().count());
    }
    void setMinimumDelay(int msecs)
    {
        if (msecs == minimumDelay())
            return;
        element()->setReconnectDelays(std::chrono::milliseconds(msecs), element()->maximumReconnectDelay());
        Q_EMIT element()->reconnectDelaysChanged();
    }
    [[nodiscard]] int maximumDelay() const
    {
        return int(element()->maximumReconnectDelay().count());
    }
    void setMaximumDelay(int msecs)
    {
        if (msecs == maximumDelay())
            return;
        const std::chrono::milliseconds delay(msecs);
        element()->setReconnectDelays(std::min(element()->minimumReconnectDelay(), delay), delay);
        Q_EMIT element()->reconnectDelaysChanged();
    }

    // The component is complete, and it shall be active.
    void begin()
    {
        // What a server has accepted is connected already.
        if (!m_accepted)
            startAsWished();
    }

protected:
    // By the Element, when it is there, with the signal of its class.
    template<typename Class>
    void followWishes(void (Class::*scheduled)(int, std::chrono::milliseconds))
    {
        QObject::connect(element(), &Element::activeChanged, element(), [this] {
            wishChanged();
        });
        QObject::connect(element(), &Element::addressChanged, element(), [this] {
            addressWishChanged();
        });
        QObject::connect(element(), &Element::stateChanged, element(), [this](LocalSocket::LocalSocketState state) {
            if (state == LocalSocket::UnconnectedState && m_startAgain)
                startAsWished();
        });
        // JavaScript has no durations.
        QObject::connect(element(), scheduled, element(), [this](int attempt, std::chrono::milliseconds delay) {
            Q_EMIT element()->reconnectScheduled(attempt, int(delay.count()));
        });
    }

    void start()
    {
        if (element()->state() != LocalSocket::UnconnectedState) {
            m_startAgain = element()->state() == LocalSocket::ClosingState;
            return;
        }
        m_startAgain = false;
        m_accepted = false;
        element()->beginConnecting();
    }

    // A server has made it the end of a connection.
    void setAccepted()
    {
        m_accepted = true;
        this->setActive(true);
    }

private:
    void wishChanged()
    {
        m_startAgain = false;
        if (!this->isComplete())
            return;
        if (this->isActive())
            startAsWished();
        else
            element()->disconnectFromServer();
    }
    void addressWishChanged()
    {
        if (!this->isComplete() || !this->isActive())
            return;
        // Leaving comes first, and may take its time if there is something to be written.
        m_startAgain = true;
        element()->disconnectFromServer();
        if (m_startAgain && element()->state() == LocalSocket::UnconnectedState)
            startAsWished();
    }
    // Where address and active are bound to one property, one of them changes first: without an address there may be one, or no
    // wish any more, in a moment.
    void startAsWished()
    {
        if (!this->address().isEmpty()) {
            start();
            return;
        }
        m_startAgain = false;
        QMetaObject::invokeMethod(
            element(),
            [this] {
                if (this->isActive() && this->address().isEmpty() && element()->state() == LocalSocket::UnconnectedState)
                    start(); // and an error is told
            },
            Qt::QueuedConnection);
    }

    bool m_startAgain = false; // when the connection at hand has ended
    bool m_accepted = false;
};

} // namespace InterprocessQt

#endif
