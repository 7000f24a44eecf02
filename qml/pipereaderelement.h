// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEREADERELEMENT_H
#define INTERPROCESSQT_PIPEREADERELEMENT_H

#include "interprocessqt_qml_export.h"
#include "openelement.h"
#include "streamelement.h"

#include <InterprocessQt/PipeReader.h>

namespace InterprocessQt
{

// PipeReader as QML has it: standard input, or a descriptor that came with the process.
class INTERPROCESSQT_QML_EXPORT PipeReaderElement : public InterprocessQt::PipeReader,
                                                    public OpenElement<PipeReaderElement>,
                                                    public ReadElement<PipeReaderElement>
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(PipeReader)
    Q_PROPERTY(int descriptor READ descriptor WRITE setDescriptor NOTIFY descriptorChanged BINDABLE bindableDescriptor FINAL)
    Q_PROPERTY(bool terminal READ isTerminal NOTIFY openChanged FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::MessageParser *parser READ parser WRITE setParser NOTIFY parserChanged FINAL)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    Q_PROPERTY(bool open READ isOpen NOTIFY openChanged FINAL)
    Q_PROPERTY(double readBufferSize READ readBufferSizeNumber WRITE setReadBufferSizeNumber NOTIFY readBufferSizeChanged FINAL)

public:
    static constexpr bool ActiveByDefault = false;

    explicit PipeReaderElement(QObject *parent = nullptr);
    ~PipeReaderElement() override;

    [[nodiscard]] int descriptor() const;
    void setDescriptor(int descriptor);
    QBindable<int> bindableDescriptor();

    Q_INVOKABLE QByteArray read(double maxSize);
    Q_INVOKABLE QByteArray readAll();

    bool openDeclared();

Q_SIGNALS:
    void descriptorChanged();
    void activeChanged();
    void parserChanged();
    void pausedChanged();
    void openChanged();
    void message(QVariant message);
    void messageRejected(QString reason, QByteArray data);
    void messageError(QString reason);
    void finished();

private:
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(PipeReaderElement, int, m_descriptor, 0, &PipeReaderElement::descriptorChanged)
};

} // namespace InterprocessQt

#endif
