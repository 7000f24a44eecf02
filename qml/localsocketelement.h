// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LOCALSOCKETELEMENT_H
#define INTERPROCESSQT_LOCALSOCKETELEMENT_H

#include "interprocessqt_qml_export.h"
#include "socketelement.h"
#include "streamelement.h"

#include <InterprocessQt/LocalSocket.h>

namespace InterprocessQt
{

// LocalSocket as QML has it: the class itself, with what is declared instead of called.
class INTERPROCESSQT_QML_EXPORT LocalSocketElement : public InterprocessQt::LocalSocket,
                                                     public SocketElement<LocalSocketElement>,
                                                     public ReadElement<LocalSocketElement>
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
    static constexpr bool ActiveByDefault = false;

    explicit LocalSocketElement(QObject *parent = nullptr);
    ~LocalSocketElement() override;

    Q_INVOKABLE void connectToServer();
    Q_INVOKABLE bool send(const QJSValue &message);
    Q_INVOKABLE double write(const QJSValue &data);
    Q_INVOKABLE QByteArray read(double maxSize);
    Q_INVOKABLE QByteArray readAll();

    void beginConnecting();
    // For a server: goes on with a connection that it has accepted.
    bool adopt(NativeHandle &&descriptor);
    // Whether the connection has ended, and all that came of it was delivered.
    [[nodiscard]] bool isOver() const;

Q_SIGNALS:
    void errorOccurred(InterprocessQt::StreamDevice::Error error);
    void addressChanged();
    void activeChanged();
    void parserChanged();
    void pausedChanged();
    void reconnectDelaysChanged();
    void message(QVariant message);
    void messageRejected(QString reason, QByteArray data);
    void messageError(QString reason);
    void reconnectScheduled(int attempt, int delay);
    void finished();
};

} // namespace InterprocessQt

#endif
