// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGESOCKETELEMENT_H
#define INTERPROCESSQT_MESSAGESOCKETELEMENT_H

#include "messageparser.h"

#include <InterprocessQt/MessageSocket.h>

#include <QtCore/qpointer.h>
#include <QtQml/qqmlparserstatus.h>

namespace InterprocessQt
{

// MessageSocket as QML has it. Messages have their boundaries already: a parser only says what they are in JavaScript.
class MessageSocketElement : public InterprocessQt::MessageSocket, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(MessageSocket)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY addressChanged BINDABLE bindableAddress FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(int minimumReconnectDelay READ minimumDelay WRITE setMinimumDelay NOTIFY reconnectDelaysChanged FINAL)
    Q_PROPERTY(int maximumReconnectDelay READ maximumDelay WRITE setMaximumDelay NOTIFY reconnectDelaysChanged FINAL)
    Q_PROPERTY(double readBufferSize READ readBufferSizeNumber WRITE setReadBufferSizeNumber NOTIFY readBufferSizeChanged FINAL)
    Q_PROPERTY(double writeBufferLimit READ writeBufferLimitNumber WRITE setWriteBufferLimitNumber NOTIFY writeBufferLimitChanged FINAL)
    Q_PROPERTY(double maximumMessageSize READ maximumMessageSizeNumber WRITE setMaximumMessageSizeNumber NOTIFY maximumMessageSizeChanged FINAL)

public:
    explicit MessageSocketElement(QObject *parent = nullptr);
    ~MessageSocketElement() override;

    [[nodiscard]] QString address() const;
    void setAddress(const QString &address);
    QBindable<QString> bindableAddress();
    [[nodiscard]] bool isActive() const;
    void setActive(bool active);
    QBindable<bool> bindableActive();
    [[nodiscard]] MessageParser *parser() const;
    void setParser(MessageParser *parser);
    [[nodiscard]] int minimumDelay() const;
    void setMinimumDelay(int msecs);
    [[nodiscard]] int maximumDelay() const;
    void setMaximumDelay(int msecs);

    Q_INVOKABLE void connectToServer();
    Q_INVOKABLE bool send(const QJSValue &message);

    // For a server: it has been made the end of a connection.
    void adopted();
    // Whether the connection has ended, and all that came of it was delivered.
    [[nodiscard]] bool isOver();

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
    void reconnectDelaysChanged();
    void message(const QVariant &message);
    void messageRejected(const QString &reason, const QByteArray &data);
    void messageError(const QString &reason);
    void reconnectScheduled(int attempt, int delay);

private:
    void wishChanged();
    void addressWishChanged();
    void stateReached(LocalSocket::LocalSocketState state);
    void start();
    void deliver(const QByteArray &bytes);

    Q_OBJECT_BINDABLE_PROPERTY(MessageSocketElement, QString, m_address, &MessageSocketElement::addressChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(MessageSocketElement, bool, m_active, false, &MessageSocketElement::activeChanged)
    QPointer<MessageParser> m_parser;
    bool m_complete = true; // false between classBegin() and componentComplete()
    bool m_startAgain = false; // when the connection at hand has ended
    bool m_accepted = false;
};

} // namespace InterprocessQt

#endif
