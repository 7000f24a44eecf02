// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFOREADERELEMENT_H
#define INTERPROCESSQT_FIFOREADERELEMENT_H

#include "messageexchange.h"

#include <InterprocessQt/FifoReader.h>

#include <QtQml/qqmlparserstatus.h>

namespace InterprocessQt
{

// FifoReader as QML has it: what it reads from is declared.
class FifoReaderElement : public InterprocessQt::FifoReader, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(FifoReader)
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged BINDABLE bindablePath FINAL)
    Q_PROPERTY(InterprocessQt::FifoReader::WriterPolicy writerPolicy READ writerPolicy WRITE setWriterPolicy NOTIFY writerPolicyChanged BINDABLE
                   bindableWriterPolicy FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    Q_PROPERTY(bool open READ isOpen NOTIFY openChanged FINAL)
    Q_PROPERTY(double readBufferSize READ readBufferSizeNumber WRITE setReadBufferSizeNumber NOTIFY readBufferSizeChanged FINAL)

public:
    explicit FifoReaderElement(QObject *parent = nullptr);
    ~FifoReaderElement() override;

    [[nodiscard]] QString path() const;
    void setPath(const QString &path);
    QBindable<QString> bindablePath();
    [[nodiscard]] WriterPolicy writerPolicy() const;
    void setWriterPolicy(WriterPolicy policy);
    QBindable<WriterPolicy> bindableWriterPolicy();
    [[nodiscard]] bool isActive() const;
    void setActive(bool active);
    QBindable<bool> bindableActive();
    [[nodiscard]] MessageParser *parser() const;
    void setParser(MessageParser *parser);
    [[nodiscard]] bool isPaused() const;
    void setPaused(bool paused);

    Q_INVOKABLE QByteArray read(double maxSize);
    Q_INVOKABLE QByteArray readAll();

    // JavaScript counts in doubles, and QML of Qt 6.4 does not know of properties of 64 bits.
    [[nodiscard]] double readBufferSizeNumber() const
    {
        return double(readBufferSize());
    }
    void setReadBufferSizeNumber(double value)
    {
        setReadBufferSize(qint64(value));
    }

    void classBegin() override;
    void componentComplete() override;

Q_SIGNALS:
    void pathChanged();
    void writerPolicyChanged();
    void activeChanged();
    void parserChanged();
    void pausedChanged();
    void openChanged();
    void message(const QVariant &message);
    void messageRejected(const QString &reason, const QByteArray &data);
    void messageError(const QString &reason);
    void finished();

private:
    void restart();
    void updateOpen();

    Q_OBJECT_BINDABLE_PROPERTY(FifoReaderElement, QString, m_path, &FifoReaderElement::pathChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(FifoReaderElement, WriterPolicy, m_policy, WriterPolicy::EndWithWriters, &FifoReaderElement::writerPolicyChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(FifoReaderElement, bool, m_active, false, &FifoReaderElement::activeChanged)
    MessageExchange m_exchange;
    bool m_complete = true; // false between classBegin() and componentComplete()
    bool m_openTold = false;
};

} // namespace InterprocessQt

#endif
