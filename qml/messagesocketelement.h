// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGESOCKETELEMENT_H
#define INTERPROCESSQT_MESSAGESOCKETELEMENT_H

#include "interprocessqt_qml_export.h"
#include "parserholder.h"
#include "socketelement.h"

#include <InterprocessQt/MessageSocket.h>

namespace InterprocessQt
{

// MessageSocket as QML has it. Messages have their boundaries already: a parser only says what they are in JavaScript.
class INTERPROCESSQT_QML_EXPORT MessageSocketElement : public InterprocessQt::MessageSocket,
                                                       public SocketElement<MessageSocketElement>,
                                                       public ParserHolder<MessageSocketElement>,
                                                       public ReadBufferNumber<MessageSocketElement>,
                                                       public MessageSizeNumber<MessageSocketElement>
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
    static constexpr bool ActiveByDefault = false;

    explicit MessageSocketElement(QObject *parent = nullptr);
    ~MessageSocketElement() override;

    Q_INVOKABLE void connectToServer();
    Q_INVOKABLE bool send(const QJSValue &message);

    void beginConnecting();
    // For a server: it has been made the end of a connection.
    void adopted();
    // Whether the connection has ended, and all that came of it was delivered.
    [[nodiscard]] bool isOver();

Q_SIGNALS:
    void addressChanged();
    void activeChanged();
    void parserChanged();
    void reconnectDelaysChanged();
    void message(QVariant message);
    void messageRejected(QString reason, QByteArray data);
    void messageError(QString reason);
    void reconnectScheduled(int attempt, int delay);

private:
    void deliver(const QByteArray &bytes);
};

} // namespace InterprocessQt

#endif
