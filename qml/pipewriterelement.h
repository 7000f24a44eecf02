// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEWRITERELEMENT_H
#define INTERPROCESSQT_PIPEWRITERELEMENT_H

#include "interprocessqt_qml_export.h"
#include "openelement.h"
#include "streamelement.h"

#include <InterprocessQt/PipeWriter.h>

namespace InterprocessQt
{

// PipeWriter as QML has it: standard output or error, or a descriptor that came with the process.
class INTERPROCESSQT_QML_EXPORT PipeWriterElement : public InterprocessQt::PipeWriter,
                                                    public OpenElement<PipeWriterElement>,
                                                    public StreamElement<PipeWriterElement>,
                                                    public WriteLimitNumber<PipeWriterElement>
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
    static constexpr bool ActiveByDefault = false;

    explicit PipeWriterElement(QObject *parent = nullptr);
    ~PipeWriterElement() override;

    [[nodiscard]] int descriptor() const;
    void setDescriptor(int descriptor);
    QBindable<int> bindableDescriptor();

    Q_INVOKABLE bool send(const QJSValue &message);
    Q_INVOKABLE double write(const QJSValue &data);

    bool openDeclared();

Q_SIGNALS:
    void descriptorChanged();
    void activeChanged();
    void parserChanged();
    void openChanged();
    void messageError(QString reason);

private:
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(PipeWriterElement, int, m_descriptor, 1, &PipeWriterElement::descriptorChanged)
};

} // namespace InterprocessQt

#endif
