// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXDATAGRAMSOCKETELEMENT_H
#define INTERPROCESSQT_UNIXDATAGRAMSOCKETELEMENT_H

#include "elementnumbers.h"
#include "interprocessqt_qml_export.h"
#include "openelement.h"
#include "parserholder.h"

#include <InterprocessQt/UnixDatagramSocket.h>

namespace InterprocessQt
{

// UnixDatagramSocket as QML has it: its names are declared, datagrams are messages.
class INTERPROCESSQT_QML_EXPORT UnixDatagramSocketElement : public InterprocessQt::UnixDatagramSocket,
                                                            public OpenElement<UnixDatagramSocketElement>,
                                                            public ParserHolder<UnixDatagramSocketElement>
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(UnixDatagramSocket)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY addressChanged BINDABLE bindableAddress FINAL)
    Q_PROPERTY(QString peerAddress READ peer WRITE setPeer NOTIFY peerAddressChanged BINDABLE bindablePeer FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(bool open READ isOpen NOTIFY openChanged FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(double sendQueueTotalLimit READ sendQueueTotalLimitNumber WRITE setSendQueueTotalLimitNumber NOTIFY sendQueueLimitChanged FINAL)
    Q_PROPERTY(double sendQueueByteLimit READ sendQueueByteLimitNumber WRITE setSendQueueByteLimitNumber NOTIFY sendQueueLimitChanged FINAL)

public:
    static constexpr bool ActiveByDefault = false;

    explicit UnixDatagramSocketElement(QObject *parent = nullptr);
    ~UnixDatagramSocketElement() override;

    [[nodiscard]] QString address() const;
    void setAddress(const QString &address);
    QBindable<QString> bindableAddress();
    [[nodiscard]] QString peer() const;
    void setPeer(const QString &address);
    QBindable<QString> bindablePeer();

    Q_INVOKABLE bool send(const QJSValue &message);
    Q_INVOKABLE bool sendTo(const QJSValue &message, const QString &destination);

    // JavaScript counts in doubles, and QML of Qt 6.4 does not know of properties of 64 bits.
    [[nodiscard]] double sendQueueTotalLimitNumber() const
    {
        return double(sendQueueTotalLimit());
    }
    void setSendQueueTotalLimitNumber(double value)
    {
        setSendQueueTotalLimit(sizeOfNumber(value));
    }
    [[nodiscard]] double sendQueueByteLimitNumber() const
    {
        return double(sendQueueByteLimit());
    }
    void setSendQueueByteLimitNumber(double value)
    {
        setSendQueueByteLimit(sizeOfNumber(value));
    }

    bool openDeclared();

Q_SIGNALS:
    void datagramsDropped(InterprocessQt::Address destination, int count);
    void addressChanged();
    void peerAddressChanged();
    void activeChanged();
    void openChanged();
    void parserChanged();
    void message(QVariant message, QString sender, InterprocessQt::PeerCredentials credentials);
    void messageRejected(QString reason, QByteArray data);

private:
    void receiveAll();

    Q_OBJECT_BINDABLE_PROPERTY(UnixDatagramSocketElement, QString, m_address, &UnixDatagramSocketElement::addressChanged)
    Q_OBJECT_BINDABLE_PROPERTY(UnixDatagramSocketElement, QString, m_peer, &UnixDatagramSocketElement::peerAddressChanged)
};

} // namespace InterprocessQt

#endif
