// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NAMEDPIPEELEMENT_H
#define INTERPROCESSQT_NAMEDPIPEELEMENT_H

#include "interprocessqt_qml_export.h"
#include "socketelement.h"
#include "streamelement.h"

#include <InterprocessQt/NamedPipe.h>
#include <InterprocessQt/NamedPipeServer.h>

namespace InterprocessQt
{

// NamedPipe as QML has it. Where it carries bytes a parser finds the messages, as for a LocalSocket; where it carries messages
// a parser only says what they are in JavaScript.
class INTERPROCESSQT_QML_EXPORT NamedPipeElement : public InterprocessQt::NamedPipe,
                                                   public SocketElement<NamedPipeElement>,
                                                   public MessageSizeNumber<NamedPipeElement>,
                                                   public ReadElement<NamedPipeElement>
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(NamedPipe)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY addressChanged BINDABLE bindableAddress FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    Q_PROPERTY(int minimumReconnectDelay READ minimumDelay WRITE setMinimumDelay NOTIFY reconnectDelaysChanged FINAL)
    Q_PROPERTY(int maximumReconnectDelay READ maximumDelay WRITE setMaximumDelay NOTIFY reconnectDelaysChanged FINAL)
    Q_PROPERTY(double readBufferSize READ readBufferSizeNumber WRITE setReadBufferSizeNumber NOTIFY readBufferSizeChanged FINAL)
    Q_PROPERTY(double writeBufferLimit READ writeBufferLimitNumber WRITE setWriteBufferLimitNumber NOTIFY writeBufferLimitChanged FINAL)
    Q_PROPERTY(double maximumMessageSize READ maximumMessageSizeNumber WRITE setMaximumMessageSizeNumber NOTIFY maximumMessageSizeChanged FINAL)
    Q_PROPERTY(InterprocessQt::NamedPipe::Impersonation impersonationLevel READ impersonationLevel WRITE setLevel NOTIFY impersonationLevelChanged FINAL)
    Q_PROPERTY(InterprocessQt::NamedPipe::ServerPolicy serverPolicy READ serverPolicy WRITE setPolicy NOTIFY serverPolicyChanged FINAL)
    Q_PROPERTY(InterprocessQt::NamedPipeServer::Direction direction READ direction WRITE setDirection NOTIFY directionChanged FINAL)

public:
    static constexpr bool ActiveByDefault = false;

    explicit NamedPipeElement(QObject *parent = nullptr);
    ~NamedPipeElement() override;

    void setLevel(InterprocessQt::NamedPipe::Impersonation level);
    void setPolicy(InterprocessQt::NamedPipe::ServerPolicy policy);
    // Which way the pipe goes that it connects to, in the words of the server.
    [[nodiscard]] InterprocessQt::NamedPipeServer::Direction direction() const;
    void setDirection(InterprocessQt::NamedPipeServer::Direction direction);

    Q_INVOKABLE void connectToServer();
    Q_INVOKABLE bool send(const QJSValue &message);
    Q_INVOKABLE double write(const QJSValue &data);
    Q_INVOKABLE QByteArray read(double maxSize);
    Q_INVOKABLE QByteArray readAll();
    Q_INVOKABLE bool flushToPeer();

    void beginConnecting();
    // For a server: goes on with a connection that it has accepted, in a direction of its own.
    bool adopt(NativeHandle &&handle, OpenMode openMode);
    // Whether the connection has ended, and all that came of it was delivered.
    [[nodiscard]] bool isOver() const;

Q_SIGNALS:
    void errorOccurred(InterprocessQt::StreamDevice::Error error);
    void addressChanged();
    void activeChanged();
    void parserChanged();
    void pausedChanged();
    void reconnectDelaysChanged();
    void impersonationLevelChanged();
    void serverPolicyChanged();
    void directionChanged();
    void message(QVariant message);
    void messageRejected(QString reason, QByteArray data);
    void messageError(QString reason);
    void reconnectScheduled(int attempt, int delay);
    void finished();

private:
    void setDevices();
    void deliverMessages();
    void tellIfFinished();

    NamedPipeServer::Direction m_direction = NamedPipeServer::Direction::Duplex;
};

} // namespace InterprocessQt

#endif
