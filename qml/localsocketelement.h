// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LOCALSOCKETELEMENT_H
#define INTERPROCESSQT_LOCALSOCKETELEMENT_H

#include "messageexchange.h"

#include <InterprocessQt/LocalSocket.h>

#include <QtQml/qqmlparserstatus.h>

namespace InterprocessQt
{

// LocalSocket as QML has it: the class itself, with what is declared instead of called.
class LocalSocketElement : public InterprocessQt::LocalSocket, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(LocalSocket)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY addressChanged BINDABLE bindableAddress FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    Q_PROPERTY(int minimumReconnectDelay READ minimumDelay WRITE setMinimumDelay NOTIFY reconnectDelaysChanged FINAL)
    Q_PROPERTY(int maximumReconnectDelay READ maximumDelay WRITE setMaximumDelay NOTIFY reconnectDelaysChanged FINAL)
    Q_PROPERTY(double readBufferSize READ readBufferSizeNumber WRITE setReadBufferSizeNumber NOTIFY readBufferSizeChanged FINAL)
    Q_PROPERTY(double writeBufferLimit READ writeBufferLimitNumber WRITE setWriteBufferLimitNumber NOTIFY writeBufferLimitChanged FINAL)

public:
    explicit LocalSocketElement(QObject *parent = nullptr);
    ~LocalSocketElement() override;

    [[nodiscard]] QString address() const;
    void setAddress(const QString &address);
    QBindable<QString> bindableAddress();
    [[nodiscard]] bool isActive() const;
    void setActive(bool active);
    QBindable<bool> bindableActive();
    [[nodiscard]] MessageParser *parser() const;
    void setParser(MessageParser *parser);
    [[nodiscard]] bool isPaused() const;
    void setPaused(bool paused);
    [[nodiscard]] int minimumDelay() const;
    void setMinimumDelay(int msecs);
    [[nodiscard]] int maximumDelay() const;
    void setMaximumDelay(int msecs);

    Q_INVOKABLE void connectToServer();
    Q_INVOKABLE bool send(const QJSValue &message);
    Q_INVOKABLE double write(const QJSValue &data);
    Q_INVOKABLE QByteArray read(double maxSize);
    Q_INVOKABLE QByteArray readAll();

    // For a server: goes on with a connection that it has accepted.
    bool adopt(NativeHandle &&descriptor);
    // Whether the connection has ended, and all that came of it was delivered.
    [[nodiscard]] bool isOver() const;

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
    void pausedChanged();
    void reconnectDelaysChanged();
    void message(const QVariant &message);
    void messageRejected(const QString &reason, const QByteArray &data);
    void messageError(const QString &reason);
    void reconnectScheduled(int attempt, int delay);
    void finished();

private:
    void wishChanged();
    void addressWishChanged();
    void stateReached(LocalSocketState state);
    void start();

    Q_OBJECT_BINDABLE_PROPERTY(LocalSocketElement, QString, m_address, &LocalSocketElement::addressChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(LocalSocketElement, bool, m_active, false, &LocalSocketElement::activeChanged)
    MessageExchange m_exchange;
    bool m_complete = true; // false between classBegin() and componentComplete()
    bool m_startAgain = false; // when the connection at hand has ended
    bool m_accepted = false;
};

} // namespace InterprocessQt

#endif
