// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEWRITERELEMENT_H
#define INTERPROCESSQT_PIPEWRITERELEMENT_H

#include "messageexchange.h"

#include <InterprocessQt/PipeWriter.h>

#include <QtQml/qqmlparserstatus.h>

namespace InterprocessQt
{

// PipeWriter as QML has it: standard output or error, or a descriptor that came with the process.
class PipeWriterElement : public InterprocessQt::PipeWriter, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(PipeWriter)
    Q_PROPERTY(int descriptor READ descriptor WRITE setDescriptor NOTIFY descriptorChanged BINDABLE bindableDescriptor FINAL)
    Q_PROPERTY(bool terminal READ isTerminal NOTIFY openChanged FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(bool open READ isOpen NOTIFY openChanged FINAL)
    Q_PROPERTY(double writeBufferLimit READ writeBufferLimitNumber WRITE setWriteBufferLimitNumber NOTIFY writeBufferLimitChanged FINAL)

public:
    explicit PipeWriterElement(QObject *parent = nullptr);
    ~PipeWriterElement() override;

    [[nodiscard]] int descriptor() const;
    void setDescriptor(int descriptor);
    QBindable<int> bindableDescriptor();
    [[nodiscard]] bool isActive() const;
    void setActive(bool active);
    QBindable<bool> bindableActive();
    [[nodiscard]] MessageParser *parser() const;
    void setParser(MessageParser *parser);

    Q_INVOKABLE bool send(const QJSValue &message);
    Q_INVOKABLE double write(const QJSValue &data);

    // JavaScript counts in doubles, and QML of Qt 6.4 does not know of properties of 64 bits.
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
    void descriptorChanged();
    void activeChanged();
    void parserChanged();
    void openChanged();
    void messageError(const QString &reason);

private:
    bool openDescriptor();
    void restart();
    void updateOpen();

    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(PipeWriterElement, int, m_descriptor, 1, &PipeWriterElement::descriptorChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(PipeWriterElement, bool, m_active, false, &PipeWriterElement::activeChanged)
    MessageExchange m_exchange;
    bool m_complete = true; // false between classBegin() and componentComplete()
    bool m_openTold = false;
};

} // namespace InterprocessQt

#endif
