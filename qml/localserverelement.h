// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LOCALSERVERELEMENT_H
#define INTERPROCESSQT_LOCALSERVERELEMENT_H

#include "connectionmodel.h"
#include "localsocketelement.h"

#include <InterprocessQt/LocalServer.h>

#include <QtCore/qpointer.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlparserstatus.h>

namespace InterprocessQt
{

// LocalServer as QML has it: its connections are made of a component, and are in a model.
class LocalServerElement : public InterprocessQt::LocalServer, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(LocalServer)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY addressChanged BINDABLE bindableAddress FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(QQmlComponent *delegate READ delegate WRITE setDelegate NOTIFY delegateChanged FINAL)
    Q_PROPERTY(InterprocessQt::ConnectionModel *connections READ connections CONSTANT FINAL)
    Q_PROPERTY(QString errorString READ lastErrorString NOTIFY errorStringChanged FINAL)
    Q_PROPERTY(double readBufferSize READ readBufferSizeNumber WRITE setReadBufferSizeNumber NOTIFY readBufferSizeChanged FINAL)
    Q_PROPERTY(double writeBufferLimit READ writeBufferLimitNumber WRITE setWriteBufferLimitNumber NOTIFY writeBufferLimitChanged FINAL)

public:
    explicit LocalServerElement(QObject *parent = nullptr);
    ~LocalServerElement() override;

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

    void classBegin() override;
    void componentComplete() override;

Q_SIGNALS:
    void addressChanged();
    void activeChanged();
    void parserChanged();
    void delegateChanged();
    void errorStringChanged();
    void connectionAccepted(InterprocessQt::LocalSocketElement *connection);
    void connectionClosed(InterprocessQt::LocalSocketElement *connection);
    void message(InterprocessQt::LocalSocketElement *connection, const QVariant &message);

protected:
    void incomingConnection(quintptr socketDescriptor) override;

private:
    void wishChanged();
    void addressWishChanged();
    void start();
    void setErrorString(const QString &text);
    void follow(LocalSocketElement *connection);
    void dismissIfOver(LocalSocketElement *connection);

    Q_OBJECT_BINDABLE_PROPERTY(LocalServerElement, QString, m_address, &LocalServerElement::addressChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(LocalServerElement, bool, m_active, false, &LocalServerElement::activeChanged)
    QPointer<MessageParser> m_parser;
    QPointer<QQmlComponent> m_delegate;
    ConnectionModel m_connections;
    QString m_errorString;
    bool m_complete = true; // false between classBegin() and componentComplete()
};

} // namespace InterprocessQt

#endif
