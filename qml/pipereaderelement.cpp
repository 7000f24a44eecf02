// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipereaderelement.h"

namespace InterprocessQt
{

PipeReaderElement::PipeReaderElement(QObject *parent)
    : PipeReader(parent)
    , ReadElement(this)
{
    restartAt(&PipeReaderElement::activeChanged);
    restartAt(&PipeReaderElement::descriptorChanged);
    tellMessages();
    connect(&m_exchange, &MessageExchange::broken, this, [this] {
        close();
        updateOpen();
    });
    connect(&m_exchange, &MessageExchange::messageError, this, &PipeReaderElement::messageError);
}

PipeReaderElement::~PipeReaderElement()
{
    // Handlers in QML would see half of an object.
    blockSignals(true);
}

int PipeReaderElement::descriptor() const
{
    return m_descriptor;
}

void PipeReaderElement::setDescriptor(int descriptor)
{
    m_descriptor = descriptor;
}

QBindable<int> PipeReaderElement::bindableDescriptor()
{
    return &m_descriptor;
}

bool PipeReaderElement::openDeclared()
{
    // Standard input is shared with others, any other descriptor belongs to this object.
    if (!(descriptor() == 0 ? openStandardInput() : open(NativeHandle(NativeHandle::Type(descriptor())))))
        return false;
    m_exchange.setDevices(this, nullptr);
    return true;
}

QByteArray PipeReaderElement::read(double maxSize)
{
    return readBytes(maxSize);
}

QByteArray PipeReaderElement::readAll()
{
    return m_exchange.read(-1);
}

} // namespace InterprocessQt
