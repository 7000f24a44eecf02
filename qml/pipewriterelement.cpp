// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipewriterelement.h"

namespace InterprocessQt
{

PipeWriterElement::PipeWriterElement(QObject *parent)
    : PipeWriter(parent)
    , StreamElement(this)
{
    restartAt(&PipeWriterElement::activeChanged);
    restartAt(&PipeWriterElement::descriptorChanged);
    connect(this, &PipeWriter::closed, this, [this] {
        updateOpen();
    });
    connect(&m_exchange, &MessageExchange::messageError, this, &PipeWriterElement::messageError);
}

PipeWriterElement::~PipeWriterElement()
{
    // Handlers in QML would see half of an object.
    blockSignals(true);
}

int PipeWriterElement::descriptor() const
{
    return m_descriptor;
}

void PipeWriterElement::setDescriptor(int descriptor)
{
    m_descriptor = descriptor;
}

QBindable<int> PipeWriterElement::bindableDescriptor()
{
    return &m_descriptor;
}

bool PipeWriterElement::openDeclared()
{
    // Standard output and error are shared with others, any other descriptor belongs to this object.
    const int number = descriptor();
    if (!(number == 1 ? openStandardOutput() : number == 2 ? openStandardError() : open(NativeHandle(NativeHandle::Type(number)))))
        return false;
    m_exchange.setDevices(nullptr, this);
    return true;
}

bool PipeWriterElement::send(const QJSValue &message)
{
    return m_exchange.send(message);
}

double PipeWriterElement::write(const QJSValue &data)
{
    return double(m_exchange.write(data));
}

} // namespace InterprocessQt
