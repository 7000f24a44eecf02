// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXMESSAGE_H
#define INTERPROCESSQT_UNIXMESSAGE_H

#include <InterprocessQt/Address.h>
#include <InterprocessQt/FileDescriptor.h>
#include <InterprocessQt/PeerCredentials.h>
#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qbytearray.h>

#include <optional>
#include <vector>

class QDebug;

namespace InterprocessQt
{

// Bytes, with the descriptors and the credentials that travel beside them over a Unix domain socket.
class INTERPROCESSQT_EXPORT UnixMessage
{
public:
    static constexpr int MaximumDescriptors = 253;

    UnixMessage();
    UnixMessage(QByteArray data); // implicit: a message of nothing else
    UnixMessage(QByteArray data, std::vector<FileDescriptor> descriptors);
    UnixMessage(UnixMessage &&other) noexcept;
    UnixMessage &operator=(UnixMessage &&other) noexcept;
    UnixMessage(const UnixMessage &) = delete;
    UnixMessage &operator=(const UnixMessage &) = delete;
    ~UnixMessage();

    [[nodiscard]] QByteArray data() const;
    void setData(const QByteArray &data);

    [[nodiscard]] const std::vector<FileDescriptor> &descriptors() const;
    [[nodiscard]] std::vector<FileDescriptor> takeDescriptors();
    [[nodiscard]] FileDescriptor takeDescriptor();
    void addDescriptor(FileDescriptor descriptor);
    [[nodiscard]] bool descriptorsLost() const;

    [[nodiscard]] std::optional<PeerCredentials> credentials() const;
    void setCredentials(const std::optional<PeerCredentials> &credentials);

    // Of a datagram that was received
    [[nodiscard]] Address sender() const;
    [[nodiscard]] bool isTruncated() const;
    [[nodiscard]] qint64 fullSize() const;

private:
    friend class UnixMessageAccess;
    QByteArray m_data;
    std::vector<FileDescriptor> m_descriptors;
    std::optional<PeerCredentials> m_credentials;
    Address m_sender;
    qint64 m_fullSize = -1;
    bool m_descriptorsLost = false;
};

INTERPROCESSQT_EXPORT QDebug operator<<(QDebug debug, const UnixMessage &message);

} // namespace InterprocessQt

#endif
