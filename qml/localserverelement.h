// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LOCALSERVERELEMENT_H
#define INTERPROCESSQT_LOCALSERVERELEMENT_H

#include "interprocessqt_qml_export.h"
#include "localsocketelement.h"
#include "serverelement.h"

#include <InterprocessQt/LocalServer.h>

namespace InterprocessQt
{

// LocalServer as QML has it: its connections are made of a component, and are in a model.
class INTERPROCESSQT_QML_EXPORT LocalServerElement : public InterprocessQt::LocalServer, public ServerElement<LocalServerElement, LocalSocketElement>
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(LocalServer)
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

public:
    static constexpr bool ActiveByDefault = false;

    explicit LocalServerElement(QObject *parent = nullptr);
    ~LocalServerElement() override;

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
    void connectionAccepted(InterprocessQt::LocalSocketElement *connection);
    void connectionClosed(InterprocessQt::LocalSocketElement *connection);
    void message(InterprocessQt::LocalSocketElement *connection, QVariant message);

protected:
    void incomingConnection(quintptr socketDescriptor) override;
};

} // namespace InterprocessQt

#endif
