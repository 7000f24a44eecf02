// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGESERVERELEMENT_H
#define INTERPROCESSQT_MESSAGESERVERELEMENT_H

#include "connectionmodel.h"
#include "messagesocketelement.h"

#include <InterprocessQt/MessageServer.h>

#include <QtCore/qpointer.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlparserstatus.h>

namespace InterprocessQt
{

// MessageServer as QML has it: its connections are made of a component, and are in a model.
class MessageServerElement : public InterprocessQt::MessageServer, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(MessageServer)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY addressChanged BINDABLE bindableAddress FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(QQmlComponent *delegate READ delegate WRITE setDelegate NOTIFY delegateChanged FINAL)
    Q_PROPERTY(InterprocessQt::ConnectionModel *connections READ connections CONSTANT FINAL)
    Q_PROPERTY(QString errorString READ lastErrorString NOTIFY errorStringChanged FINAL)
    Q_PROPERTY(double readBufferSize READ readBufferSizeNumber WRITE setReadBufferSizeNumber NOTIFY readBufferSizeChanged FINAL)
    Q_PROPERTY(double writeBufferLimit READ writeBufferLimitNumber WRITE setWriteBufferLimitNumber NOTIFY writeBufferLimitChanged FINAL)
    Q_PROPERTY(double maximumMessageSize READ maximumMessageSizeNumber WRITE setMaximumMessageSizeNumber NOTIFY maximumMessageSizeChanged FINAL)

public:
    explicit MessageServerElement(QObject *parent = nullptr);
    ~MessageServerElement() override;

    [[nodiscard]] QString address() const;
    void setAddress(const QString &address);
    QBindable<QString> bindableAddress();
    [[nodiscard]] bool isActive() const;
    void setActive(bool active);
    QBindable<bool> bindableActive();
    [[nodiscard]] MessageParser *parser() const;
    void setParser(MessageParser *parser);
    [[nodiscard]] QQmlComponent *delegate() const;
    void setDelegate(QQmlComponent *delegate);
    [[nodiscard]] ConnectionModel *connections();
    [[nodiscard]] QString lastErrorString() const;

    // How many connections have taken it.
    Q_INVOKABLE int broadcast(const QJSValue &message);
    Q_INVOKABLE void closeConnections();

    // JavaScript counts in doubles, and QML of Qt 6.4 does not know of properties of 64 bits.
    [[nodiscard]] double readBufferSizeNumber() const
    {
        return double(readBufferSize());
    }
    void setReadBufferSizeNumber(double value)
    {
        setReadBufferSize(qint64(value));
    }
    [[nodiscard]] double writeBufferLimitNumber() const
    {
        return double(writeBufferLimit());
    }
    void setWriteBufferLimitNumber(double value)
    {
        setWriteBufferLimit(qint64(value));
    }
    [[nodiscard]] double maximumMessageSizeNumber() const
    {
        return double(maximumMessageSize());
    }
    void setMaximumMessageSizeNumber(double value)
    {
        setMaximumMessageSize(qint64(value));
    }

    void classBegin() override;
    void componentComplete() override;

Q_SIGNALS:
    void addressChanged();
    void activeChanged();
    void parserChanged();
    void delegateChanged();
    void errorStringChanged();
    void connectionAccepted(InterprocessQt::MessageSocketElement *connection);
    void connectionClosed(InterprocessQt::MessageSocketElement *connection);
    void message(InterprocessQt::MessageSocketElement *connection, const QVariant &message);

private:
    void wishChanged();
    void addressWishChanged();
    void start();
    void takeConnections();
    void setErrorString(const QString &text);
    void follow(MessageSocketElement *connection);
    void dismissIfOver(MessageSocketElement *connection);

    Q_OBJECT_BINDABLE_PROPERTY(MessageServerElement, QString, m_address, &MessageServerElement::addressChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(MessageServerElement, bool, m_active, false, &MessageServerElement::activeChanged)
    QPointer<MessageParser> m_parser;
    QPointer<QQmlComponent> m_delegate;
    ConnectionModel m_connections;
    QString m_errorString;
    bool m_complete = true; // false between classBegin() and componentComplete()
};

} // namespace InterprocessQt

#endif
