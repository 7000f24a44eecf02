// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipewriterelement.h"

namespace InterprocessQt
{

PipeWriterElement::PipeWriterElement(QObject *parent)
    : PipeWriter(parent)
    , m_exchange(this)
{
    connect(this, &PipeWriterElement::activeChanged, this, &PipeWriterElement::restart);
    connect(this, &PipeWriterElement::descriptorChanged, this, &PipeWriterElement::restart);
    connect(this, &PipeWriter::closed, this, &PipeWriterElement::updateOpen);
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

bool PipeWriterElement::isActive() const
{
    return m_active;
}

void PipeWriterElement::setActive(bool active)
{
    m_active = active;
}

QBindable<bool> PipeWriterElement::bindableActive()
{
    return &m_active;
}

MessageParser *PipeWriterElement::parser() const
{
    return m_exchange.parser();
}

void PipeWriterElement::setParser(MessageParser *parser)
{
    if (parser == m_exchange.parser())
        return;
    m_exchange.setParser(parser);
    Q_EMIT parserChanged();
}

void PipeWriterElement::classBegin()
{
    m_complete = false;
}

void PipeWriterElement::componentComplete()
{
    m_complete = true;
    if (isActive())
        restart();
}

void PipeWriterElement::restart()
{
    if (!m_complete)
        return;
    close();
    if (isActive()) {
        if (openDescriptor()) {
            m_exchange.setDevices(nullptr, this);
        } else {
            // Told from the event loop, like every other error: handlers are there by then.
            QMetaObject::invokeMethod(
                this,
                [this, code = error()] {
                    Q_EMIT errorOccurred(code);
                },
                Qt::QueuedConnection);
        }
    }
    updateOpen();
}

void PipeWriterElement::updateOpen()
{
    if (std::exchange(m_openTold, isOpen()) != isOpen())
        Q_EMIT openChanged();
}

// Standard output and error are shared with others, any other descriptor belongs to this object.
bool PipeWriterElement::openDescriptor()
{
    switch (descriptor()) {
    case 1:
        return openStandardOutput();
    case 2:
        return openStandardError();
    default:
        return open(NativeHandle(NativeHandle::Type(descriptor())));
    }
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
