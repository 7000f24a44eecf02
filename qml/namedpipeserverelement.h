// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NAMEDPIPESERVERELEMENT_H
#define INTERPROCESSQT_NAMEDPIPESERVERELEMENT_H

#include "interprocessqt_qml_export.h"
#include "namedpipeelement.h"
#include "serverelement.h"

#include <InterprocessQt/NamedPipeServer.h>

namespace InterprocessQt
{

// NamedPipeServer as QML has it: its connections are made of a component, and are in a model.
class INTERPROCESSQT_QML_EXPORT NamedPipeServerElement : public InterprocessQt::NamedPipeServer,
                                                         public ServerElement<NamedPipeServerElement, NamedPipeElement>,
                                                         public MessageSizeNumber<NamedPipeServerElement>
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(NamedPipeServer)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY addressChanged BINDABLE bindableAddress FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(bool retry READ isRetryEnabled WRITE setRetryEnabled NOTIFY retryChanged FINAL)
    Q_PROPERTY(int retryDelay READ retryDelay WRITE setRetryDelay NOTIFY retryDelayChanged FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(QQmlComponent *delegate READ delegate WRITE setDelegate NOTIFY delegateChanged FINAL)
    Q_PROPERTY(InterprocessQt::ConnectionModel *connections READ connections CONSTANT FINAL)
    Q_PROPERTY(QString errorString READ lastErrorString NOTIFY errorStringChanged FINAL)
    Q_PROPERTY(double readBufferSize READ readBufferSizeNumber WRITE setReadBufferSizeNumber NOTIFY readBufferSizeChanged FINAL)
    Q_PROPERTY(double writeBufferLimit READ writeBufferLimitNumber WRITE setWriteBufferLimitNumber NOTIFY writeBufferLimitChanged FINAL)
    Q_PROPERTY(double maximumMessageSize READ maximumMessageSizeNumber WRITE setMaximumNumber NOTIFY maximumMessageSizeChanged FINAL)
    Q_PROPERTY(InterprocessQt::NamedPipeServer::Direction direction READ direction WRITE setWay NOTIFY directionChanged FINAL)
    Q_PROPERTY(InterprocessQt::NamedPipe::Mode receiveMode READ receiveMode WRITE setReceived NOTIFY receiveModeChanged FINAL)
    Q_PROPERTY(InterprocessQt::NamedPipe::Mode sendMode READ sendMode WRITE setSent NOTIFY sendModeChanged FINAL)

public:
    static constexpr bool ActiveByDefault = false;

    explicit NamedPipeServerElement(QObject *parent = nullptr);
    ~NamedPipeServerElement() override;

    // What counts for the next listen(). The number of instances is not among it: the class counts only pipes that it makes itself.
    void setWay(InterprocessQt::NamedPipeServer::Direction direction);
    void setReceived(InterprocessQt::NamedPipe::Mode mode);
    void setSent(InterprocessQt::NamedPipe::Mode mode);
    void setMaximumNumber(double size);

    // How many connections have taken it.
    Q_INVOKABLE int broadcast(const QJSValue &message);
    Q_INVOKABLE void closeConnections();

Q_SIGNALS:
    void peerRejected(InterprocessQt::PeerCredentials credentials);
    void addressChanged();
    void activeChanged();
    void retryChanged();
    void retryDelayChanged();
    void parserChanged();
    void delegateChanged();
    void errorStringChanged();
    void maximumMessageSizeChanged();
    void directionChanged();
    void receiveModeChanged();
    void sendModeChanged();
    void connectionAccepted(InterprocessQt::NamedPipeElement *connection);
    void connectionClosed(InterprocessQt::NamedPipeElement *connection);
    void message(InterprocessQt::NamedPipeElement *connection, QVariant message);

protected:
    void incomingConnection(quintptr socketDescriptor) override;

private:
    // As they were when it began to listen.
    struct Settings {
        NamedPipe::Mode receiveMode = NamedPipe::Mode::Bytes;
        NamedPipe::Mode sendMode = NamedPipe::Mode::Bytes;
        QIODevice::OpenMode openMode = QIODevice::ReadWrite;
    };
    Settings m_listening;
};

} // namespace InterprocessQt

#endif
