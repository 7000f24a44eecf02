// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/UnixServer.h>

#include "ancillary_p.h"
#include "local/localserver_p.h"

#include <algorithm>

namespace InterprocessQt
{

class UnixServerPrivate final : public LocalServerPrivate
{
public:
    using LocalServerPrivate::LocalServerPrivate;

    std::unique_ptr<LocalSocket> makeSocket() override
    {
        auto socket = std::make_unique<UnixSocket>(q);
        socket->setMaximumDescriptors(maximumDescriptors);
        static_cast<void>(socket->setCredentialsEnabled(credentials)); // those who waited to be accepted have it as it was
        return socket;
    }
    void started() override
    {
        if (credentials)
            static_cast<void>(setPassCredentials(int(listener->handle()), true));
        LocalServerPrivate::started();
    }

    int maximumDescriptors = 0;
    bool credentials = false;
};

/*!
    \class InterprocessQt::UnixServer
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/UnixServer
    \brief A LocalServer whose sockets are UnixSockets.
    \reentrant

    Exists on Unix only.
*/

/*!
    Makes a server that does not listen, with the parent \a parent.
*/
UnixServer::UnixServer(QObject *parent)
    : LocalServer(*new UnixServerPrivate(this), parent)
{
}

/*!
    As that of LocalServer.
*/
UnixServer::~UnixServer() = default;

UnixServerPrivate *UnixServer::d_func() const
{
    return static_cast<UnixServerPrivate *>(LocalServerPrivate::get(this));
}

/*!
    Returns the next socket that is connected to a client, or nullptr, as LocalServer::nextPendingConnection() does. Null
    for one that a reimplementation of incomingConnection() has added and that is no UnixSocket.
*/
UnixSocket *UnixServer::nextPendingConnection()
{
    return qobject_cast<UnixSocket *>(LocalServer::nextPendingConnection());
}

/*!
    \property InterprocessQt::UnixServer::maximumDescriptors
    \brief UnixSocket::maximumDescriptors of the sockets that are accepted from now on

    0 by default.
*/
int UnixServer::maximumDescriptors() const
{
    return d_func()->maximumDescriptors;
}

void UnixServer::setMaximumDescriptors(int count)
{
    count = std::clamp(count, 0, UnixMessage::MaximumDescriptors);
    if (std::exchange(d_func()->maximumDescriptors, count) != count)
        Q_EMIT maximumDescriptorsChanged();
}

/*!
    \property InterprocessQt::UnixServer::credentialsEnabled
    \brief UnixSocket::credentialsEnabled of the sockets that are accepted from now on

    False by default. Set before clients connect, it counts for all that they send, also before they are accepted. Where the
    system does not know it setting it to true returns false.
*/
bool UnixServer::isCredentialsEnabled() const
{
    return d_func()->credentials;
}

bool UnixServer::setCredentialsEnabled(bool enabled)
{
    UnixServerPrivate *const p = d_func();
    if (enabled == p->credentials)
        return true;
    if (!canPassCredentials())
        return false;
    if (p->listener && setPassCredentials(int(p->listener->handle()), enabled) != 0)
        return false;
    p->credentials = enabled;
    Q_EMIT credentialsEnabledChanged();
    return true;
}

} // namespace InterprocessQt
