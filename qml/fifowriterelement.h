// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FIFOWRITERELEMENT_H
#define INTERPROCESSQT_FIFOWRITERELEMENT_H

#include "interprocessqt_qml_export.h"
#include "openelement.h"
#include "streamelement.h"

#include <InterprocessQt/FifoWriter.h>

namespace InterprocessQt
{

// FifoWriter as QML has it: what it writes to is declared.
class INTERPROCESSQT_QML_EXPORT FifoWriterElement : public InterprocessQt::FifoWriter,
                                                    public OpenElement<FifoWriterElement>,
                                                    public StreamElement<FifoWriterElement>,
                                                    public WriteLimitNumber<FifoWriterElement>
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
    static constexpr bool ActiveByDefault = false;

    explicit FifoWriterElement(QObject *parent = nullptr);
    ~FifoWriterElement() override;

    [[nodiscard]] QString path() const;
    void setPath(const QString &path);
    QBindable<QString> bindablePath();
    [[nodiscard]] ReaderPolicy readerPolicy() const;
    void setReaderPolicy(ReaderPolicy policy);
    QBindable<ReaderPolicy> bindableReaderPolicy();

    Q_INVOKABLE bool send(const QJSValue &message);
    Q_INVOKABLE double write(const QJSValue &data);

    bool openDeclared();

Q_SIGNALS:
    void pathChanged();
    void readerPolicyChanged();
    void activeChanged();
    void parserChanged();
    void openChanged();
    void messageError(QString reason);

private:
    Q_OBJECT_BINDABLE_PROPERTY(FifoWriterElement, QString, m_path, &FifoWriterElement::pathChanged)
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(FifoWriterElement, ReaderPolicy, m_policy, ReaderPolicy::EndWithReaders, &FifoWriterElement::readerPolicyChanged)
};

} // namespace InterprocessQt

#endif
