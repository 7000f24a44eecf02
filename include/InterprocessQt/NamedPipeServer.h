// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NAMEDPIPESERVER_H
#define INTERPROCESSQT_NAMEDPIPESERVER_H

#include <InterprocessQt/LocalServer.h>
#include <InterprocessQt/NamedPipe.h>
#include <InterprocessQt/SecurityDescriptor.h>

#include <chrono>
#include <optional>

namespace InterprocessQt
{
class NamedPipeServerPrivate;

// A local server with all that a named pipe of Windows can do.
class INTERPROCESSQT_EXPORT NamedPipeServer : public InterprocessQt::LocalServer
{
    Q_OBJECT

public:
    // As the server sees it. The values are those of CreateNamedPipeW().
    enum class Direction : quint32 {
        Inbound = 1,
        Outbound = 2,
        Duplex = 3,
    };
    Q_ENUM(Direction)

    static constexpr int UnlimitedInstances = 255;
    static const std::chrono::milliseconds SystemWaitTimeout;
    static const std::chrono::milliseconds WaitForever;

    explicit NamedPipeServer(QObject *parent = nullptr);
    ~NamedPipeServer() override;

    [[nodiscard]] NamedPipe *nextPendingConnection() override;

    // What counts for the next listen()
    [[nodiscard]] Direction direction() const;
    void setDirection(Direction direction);
    [[nodiscard]] NamedPipe::Mode receiveMode() const;
    void setReceiveMode(NamedPipe::Mode mode);
    [[nodiscard]] NamedPipe::Mode sendMode() const;
    void setSendMode(NamedPipe::Mode mode);
    [[nodiscard]] int maximumInstances() const;
    bool setMaximumInstances(int count);
    [[nodiscard]] bool isWriteThrough() const;
    void setWriteThrough(bool writeThrough);
    [[nodiscard]] bool areRemoteClientsAllowed() const;
    void setRemoteClientsAllowed(bool allowed);
    [[nodiscard]] quint32 inputBufferSize() const;
    [[nodiscard]] quint32 outputBufferSize() const;
    void setBufferSizes(quint32 input, quint32 output);
    [[nodiscard]] std::chrono::milliseconds waitTimeout() const;
    void setWaitTimeout(std::chrono::milliseconds timeout);
    [[nodiscard]] std::optional<SecurityDescriptor> securityDescriptor() const;
    void setSecurityDescriptor(const std::optional<SecurityDescriptor> &descriptor);

    // What each accepted pipe starts with
    [[nodiscard]] bool isInheritable() const;
    void setInheritable(bool inheritable);
    [[nodiscard]] qint64 maximumMessageSize() const;
    void setMaximumMessageSize(qint64 size);

private:
    [[nodiscard]] NamedPipeServerPrivate *d_func() const;
    Q_DISABLE_COPY_MOVE(NamedPipeServer)
};

} // namespace InterprocessQt

#endif
