// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXSERVER_H
#define INTERPROCESSQT_UNIXSERVER_H

#include <InterprocessQt/LocalServer.h>
#include <InterprocessQt/UnixSocket.h>

namespace InterprocessQt
{
class UnixServerPrivate;

// A local server whose sockets are UnixSockets.
class INTERPROCESSQT_EXPORT UnixServer : public InterprocessQt::LocalServer
{
    Q_OBJECT
    Q_PROPERTY(int maximumDescriptors READ maximumDescriptors WRITE setMaximumDescriptors NOTIFY maximumDescriptorsChanged)
    Q_PROPERTY(bool credentialsEnabled READ isCredentialsEnabled WRITE setCredentialsEnabled NOTIFY credentialsEnabledChanged)

public:
    explicit UnixServer(QObject *parent = nullptr);
    ~UnixServer() override;

    [[nodiscard]] UnixSocket *nextPendingConnection() override;

    [[nodiscard]] int maximumDescriptors() const;
    void setMaximumDescriptors(int count);
    [[nodiscard]] bool isCredentialsEnabled() const;
    bool setCredentialsEnabled(bool enabled);

Q_SIGNALS:
    void maximumDescriptorsChanged();
    void credentialsEnabledChanged();

private:
    [[nodiscard]] UnixServerPrivate *d_func() const;
    Q_DISABLE_COPY_MOVE(UnixServer)
};

} // namespace InterprocessQt

#endif
