// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGESERVERELEMENT_H
#define INTERPROCESSQT_MESSAGESERVERELEMENT_H

#include "interprocessqt_qml_export.h"
#include "messagesocketelement.h"
#include "serverelement.h"

#include <InterprocessQt/MessageServer.h>

namespace InterprocessQt
{

// MessageServer as QML has it: its connections are made of a component, and are in a model.
class INTERPROCESSQT_QML_EXPORT MessageServerElement : public InterprocessQt::MessageServer,
                                                       public ServerElement<MessageServerElement, MessageSocketElement>,
                                                       public MessageSizeNumber<MessageServerElement>
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(MessageServer)
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
    Q_PROPERTY(double maximumMessageSize READ maximumMessageSizeNumber WRITE setMaximumMessageSizeNumber NOTIFY maximumMessageSizeChanged FINAL)

public:
    static constexpr bool ActiveByDefault = false;

    explicit MessageServerElement(QObject *parent = nullptr);
    ~MessageServerElement() override;

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
    void connectionAccepted(InterprocessQt::MessageSocketElement *connection);
    void connectionClosed(InterprocessQt::MessageSocketElement *connection);
    void message(InterprocessQt::MessageSocketElement *connection, QVariant message);

private:
    void takeConnections();
};

} // namespace InterprocessQt

#endif
