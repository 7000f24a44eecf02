// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFOWRITERELEMENT_H
#define INTERPROCESSQT_FIFOWRITERELEMENT_H

#include "messageexchange.h"

#include <InterprocessQt/FifoWriter.h>

#include <QtQml/qqmlparserstatus.h>

namespace InterprocessQt
{

// FifoWriter as QML has it: what it writes to is declared.
class FifoWriterElement : public InterprocessQt::FifoWriter, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(FifoWriter)
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged BINDABLE bindablePath FINAL)
    Q_PROPERTY(InterprocessQt::FifoWriter::ReaderPolicy readerPolicy READ readerPolicy WRITE setReaderPolicy NOTIFY readerPolicyChanged BINDABLE
                   bindableReaderPolicy FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(bool open READ isOpen NOTIFY openChanged FINAL)
    Q_PROPERTY(double writeBufferLimit READ writeBufferLimitNumber WRITE setWriteBufferLimitNumber NOTIFY writeBufferLimitChanged FINAL)

public:
    explicit FifoWriterElement(QObject *parent = nullptr);
    ~FifoWriterElement() override;

    [[nodiscard]] QString path() const;
    void setPath(const QString &path);
    QBindable<QString> bindablePath();
    [[nodiscard]] ReaderPolicy readerPolicy() const;
    void setReaderPolicy(ReaderPolicy policy);
    QBindable<ReaderPolicy> bindableReaderPolicy();
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
    void pathChanged();
    void readerPolicyChanged();
    void activeChanged();
    void parserChanged();
    void openChanged();
    void messageError(const QString &reason);

private:
    void restart();
    void updateOpen();

    Q_OBJECT_BINDABLE_PROPERTY(FifoWriterElement, QString, m_path, &FifoWriterElement::pathChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(FifoWriterElement, ReaderPolicy, m_policy, ReaderPolicy::EndWithReaders, &FifoWriterElement::readerPolicyChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(FifoWriterElement, bool, m_active, false, &FifoWriterElement::activeChanged)
    MessageExchange m_exchange;
    bool m_complete = true; // false between classBegin() and componentComplete()
    bool m_openTold = false;
};

} // namespace InterprocessQt

#endif
