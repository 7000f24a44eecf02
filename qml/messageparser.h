// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGEPARSER_H
#define INTERPROCESSQT_MESSAGEPARSER_H

#include "interprocessqt_qml_export.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qobject.h>
#include <QtCore/qproperty.h>
#include <QtCore/qvariant.h>
#include <QtQml/qjsvalue.h>
#include <QtQml/qqml.h>

class QJSEngine;

namespace InterprocessQt
{
class MessageChannel;

// What the bytes of a stream mean: where a message ends, and what JavaScript gets for one. Has no state of any stream, so
// that several can share one.
class INTERPROCESSQT_QML_EXPORT MessageParser : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("MessageParser is what TextParser, JsonParser and BinaryParser have in common: use one of these.")
    Q_PROPERTY(Framing framing READ framing WRITE setFraming NOTIFY framingChanged BINDABLE bindableFraming FINAL)
    Q_PROPERTY(ByteOrder byteOrder READ byteOrder WRITE setByteOrder NOTIFY byteOrderChanged BINDABLE bindableByteOrder FINAL)
    Q_PROPERTY(LineEnding lineEnding READ lineEnding WRITE setLineEnding NOTIFY lineEndingChanged BINDABLE bindableLineEnding FINAL)
    Q_PROPERTY(bool unterminatedLineAllowed READ isUnterminatedLineAllowed WRITE setUnterminatedLineAllowed NOTIFY unterminatedLineAllowedChanged BINDABLE
                   bindableUnterminatedLineAllowed FINAL)
    Q_PROPERTY(double maximumMessageSize READ maximumMessageSize WRITE setMaximumMessageSize NOTIFY maximumMessageSizeChanged BINDABLE
                   bindableMaximumMessageSize FINAL)

public:
    // The first three have the values of MessageChannel::Framing. With a type of their own, for JavaScript may assign any number,
    // which is to be looked at before it is refused.
    enum Framing : int {
        LengthPrefix,
        Lines,
        ContentLength,
        Chunks,
    };
    Q_ENUM(Framing)

    // The values are those of MessageChannel.
    enum ByteOrder : int {
        BigEndian,
        LittleEndian,
        NativeEndian,
    };
    Q_ENUM(ByteOrder)

    enum LineEnding : int {
        LineFeed,
        AnyLineEnding,
        CarriageReturnLineFeed,
    };
    Q_ENUM(LineEnding)

    struct Decoded {
        QVariant message;
        QString problem = {}; // empty: there is none
    };
    struct Encoded {
        QByteArray bytes;
        QString problem = {};
    };

    [[nodiscard]] Framing framing() const;
    void setFraming(Framing framing);
    QBindable<Framing> bindableFraming();
    [[nodiscard]] ByteOrder byteOrder() const;
    void setByteOrder(ByteOrder order);
    QBindable<ByteOrder> bindableByteOrder();
    [[nodiscard]] LineEnding lineEnding() const;
    void setLineEnding(LineEnding ending);
    QBindable<LineEnding> bindableLineEnding();
    [[nodiscard]] bool isUnterminatedLineAllowed() const;
    void setUnterminatedLineAllowed(bool allowed);
    QBindable<bool> bindableUnterminatedLineAllowed();
    [[nodiscard]] double maximumMessageSize() const;
    void setMaximumMessageSize(double size);
    QBindable<double> bindableMaximumMessageSize();

    [[nodiscard]] virtual Decoded decode(const QByteArray &bytes, QJSEngine *engine) const = 0;
    [[nodiscard]] virtual Encoded encode(const QJSValue &message, QJSEngine *engine) const = 0;
    // How many bytes at the end of a chunk are the begin of something that is not to be cut; none by default.
    [[nodiscard]] virtual qsizetype unfinished(const QByteArray &chunk) const;
    void configure(MessageChannel &channel) const;

    // The same for what has its boundaries already. Without a parser messages are bytes. A value that cannot be sent is
    // thrown as an error in JavaScript.
    [[nodiscard]] static Decoded decodeBy(const MessageParser *parser, const QByteArray &bytes, QObject *element);
    [[nodiscard]] static Encoded encodeBy(const MessageParser *parser, const QJSValue &message, QObject *element);

Q_SIGNALS:
    void framingChanged();
    void byteOrderChanged();
    void lineEndingChanged();
    void unterminatedLineAllowedChanged();
    void maximumMessageSizeChanged();

protected:
    MessageParser(Framing framing, QObject *parent);

private:
    static constexpr double DefaultMaximumMessageSize = 16 * 1024 * 1024;

    Q_OBJECT_BINDABLE_PROPERTY(MessageParser, Framing, m_framing, &MessageParser::framingChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(MessageParser, ByteOrder, m_byteOrder, BigEndian, &MessageParser::byteOrderChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(MessageParser, LineEnding, m_lineEnding, AnyLineEnding, &MessageParser::lineEndingChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(MessageParser, bool, m_unterminatedLineAllowed, false, &MessageParser::unterminatedLineAllowedChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(MessageParser, double, m_maximumMessageSize, DefaultMaximumMessageSize, &MessageParser::maximumMessageSizeChanged)
};

// Where an element is evaluated. Also for those that QML has not made itself, of which qjsEngine() knows only once JavaScript
// has seen them.
[[nodiscard]] QJSEngine *engineOf(const QObject *element);
// The bytes of an ArrayBuffer, of a view of one such as Uint8Array, or of text as UTF-8; for everything else the problem is
// `otherwise`. Qt copies those of an ArrayBuffer for that.
[[nodiscard]] MessageParser::Encoded bytesOf(const QJSValue &value, const QString &otherwise);
// The text of a string, a number or a boolean; null for everything else.
[[nodiscard]] QString textOf(const QJSValue &value);

} // namespace InterprocessQt

#endif
