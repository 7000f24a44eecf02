// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFOREADERELEMENT_H
#define INTERPROCESSQT_FIFOREADERELEMENT_H

#include "interprocessqt_qml_export.h"
#include "openelement.h"
#include "streamelement.h"

#include <InterprocessQt/FifoReader.h>

namespace InterprocessQt
{

// FifoReader as QML has it: what it reads from is declared.
class INTERPROCESSQT_QML_EXPORT FifoReaderElement : public InterprocessQt::FifoReader,
                                                    public OpenElement<FifoReaderElement>,
                                                    public ReadElement<FifoReaderElement>
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
    static constexpr bool ActiveByDefault = false;

    explicit FifoReaderElement(QObject *parent = nullptr);
    ~FifoReaderElement() override;

    [[nodiscard]] QString path() const;
    void setPath(const QString &path);
    QBindable<QString> bindablePath();
    [[nodiscard]] WriterPolicy writerPolicy() const;
    void setWriterPolicy(WriterPolicy policy);
    QBindable<WriterPolicy> bindableWriterPolicy();

    Q_INVOKABLE QByteArray read(double maxSize);
    Q_INVOKABLE QByteArray readAll();

    bool openDeclared();

Q_SIGNALS:
    void pathChanged();
    void writerPolicyChanged();
    void activeChanged();
    void parserChanged();
    void pausedChanged();
    void openChanged();
    void message(QVariant message);
    void messageRejected(QString reason, QByteArray data);
    void messageError(QString reason);
    void finished();

private:
    Q_OBJECT_BINDABLE_PROPERTY(FifoReaderElement, QString, m_path, &FifoReaderElement::pathChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(FifoReaderElement, WriterPolicy, m_policy, WriterPolicy::EndWithWriters, &FifoReaderElement::writerPolicyChanged)
};

} // namespace InterprocessQt

#endif
