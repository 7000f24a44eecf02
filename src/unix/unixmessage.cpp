// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/UnixMessage.h>

#include <QtCore/qdebug.h>

#include <utility>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::UnixMessage
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/UnixMessage
    \brief Bytes, with the descriptors and the credentials that travel beside them over a Unix domain socket.

    It is what the sockets that know ancillary data send and receive. It owns its descriptors, so it can be moved but
    not copied; those that nobody takes are closed with it. Every descriptor that was received is closed on exec.

    Exists on Unix only.
*/

/*!
    \variable InterprocessQt::UnixMessage::MaximumDescriptors
    \brief as many descriptors as one message can carry: 253, the limit of Linux (SCM_MAX_FD, unix(7))
*/

/*!
    Makes an empty message.
*/
UnixMessage::UnixMessage() = default;

/*!
    Makes a message of \a data alone.
*/
UnixMessage::UnixMessage(QByteArray data)
    : m_data(std::move(data))
{
}

/*!
    Makes a message of \a data and \a descriptors, which it owns from now on.
*/
UnixMessage::UnixMessage(QByteArray data, std::vector<FileDescriptor> descriptors)
    : m_data(std::move(data))
    , m_descriptors(std::move(descriptors))
{
}

/*!
    Moves \a other here.
*/
UnixMessage::UnixMessage(UnixMessage &&other) noexcept = default;

/*!
    Moves \a other here; closes the descriptors that were here.
*/
UnixMessage &UnixMessage::operator=(UnixMessage &&other) noexcept = default;

/*!
    Closes the descriptors that nobody has taken.
*/
UnixMessage::~UnixMessage() = default;

/*!
    Returns the bytes. They may be empty: a datagram of no bytes is a message.
*/
QByteArray UnixMessage::data() const
{
    return m_data;
}

/*!
    Sets the bytes to \a data.
*/
void UnixMessage::setData(const QByteArray &data)
{
    m_data = data;
}

/*!
    Returns the descriptors, which stay this message's.
*/
const std::vector<FileDescriptor> &UnixMessage::descriptors() const
{
    return m_descriptors;
}

/*!
    Hands all descriptors over to the caller, in the order in which they were sent.
*/
std::vector<FileDescriptor> UnixMessage::takeDescriptors()
{
    return std::exchange(m_descriptors, {});
}

/*!
    Hands the first descriptor over to the caller, or one that is not valid if there is none left.
*/
FileDescriptor UnixMessage::takeDescriptor()
{
    if (m_descriptors.empty())
        return {};
    FileDescriptor first = std::move(m_descriptors.front());
    m_descriptors.erase(m_descriptors.begin());
    return first;
}

/*!
    Adds \a descriptor as the last one.
*/
void UnixMessage::addDescriptor(FileDescriptor descriptor)
{
    m_descriptors.push_back(std::move(descriptor));
}

/*!
    Returns true if more descriptors were sent with this message than the receiver takes, or than its table had room
    for (MSG_CTRUNC, recv(2)). Those above are closed.
*/
bool UnixMessage::descriptorsLost() const
{
    return m_descriptorsLost;
}

/*!
    Returns who sent this message, if the receiver asked for it, as the kernel vouches for. They are there but not
    valid if the message was sent before the receiver asked.

    In a message to be sent: what setCredentials() set.
*/
std::optional<PeerCredentials> UnixMessage::credentials() const
{
    return m_credentials;
}

/*!
    Sends \a credentials along: process, user and group, where the system can (SCM_CREDENTIALS, unix(7)). The kernel
    refuses any but those of this process, unless that is privileged; a socket reports it as SocketAccessError (EPERM).

    A receiver that asks gets the credentials of the sender without this.
*/
void UnixMessage::setCredentials(const std::optional<PeerCredentials> &credentials)
{
    m_credentials = credentials;
}

/*!
    Returns the address of the socket that sent this datagram; not valid if it has none.
*/
Address UnixMessage::sender() const
{
    return m_sender;
}

/*!
    Returns true if the datagram was longer than what the receiver takes. The rest is lost.
*/
bool UnixMessage::isTruncated() const
{
    return m_fullSize > m_data.size();
}

/*!
    Returns how many bytes the sender sent.
*/
qint64 UnixMessage::fullSize() const
{
    return m_fullSize < 0 ? m_data.size() : m_fullSize;
}

/*!
    \relates InterprocessQt::UnixMessage

    Writes the size of \a message, and what travels with it, to \a debug.
*/
QDebug operator<<(QDebug debug, const UnixMessage &message)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << "UnixMessage(" << message.data().size() << " bytes";
    if (message.isTruncated())
        debug << " of " << message.fullSize();
    if (!message.descriptors().empty())
        debug << ", " << message.descriptors().size() << " descriptors";
    if (message.descriptorsLost())
        debug << ", descriptors lost";
    if (const auto credentials = message.credentials())
        debug << ", " << *credentials;
    if (message.sender().isValid())
        debug << ", from " << message.sender().toString();
    return debug << ')';
}

} // namespace InterprocessQt
