// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipereaderelement.h"

namespace InterprocessQt
{

PipeReaderElement::PipeReaderElement(QObject *parent)
    : PipeReader(parent)
    , m_exchange(this)
{
    connect(this, &PipeReaderElement::activeChanged, this, &PipeReaderElement::restart);
    connect(this, &PipeReaderElement::descriptorChanged, this, &PipeReaderElement::restart);
    connect(&m_exchange, &MessageExchange::message, this, &PipeReaderElement::message);
    connect(&m_exchange, &MessageExchange::messageRejected, this, &PipeReaderElement::messageRejected);
    connect(&m_exchange, &MessageExchange::drained, this, &PipeReaderElement::finished);
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

bool PipeReaderElement::isActive() const
{
    return m_active;
}

void PipeReaderElement::setActive(bool active)
{
    m_active = active;
}

QBindable<bool> PipeReaderElement::bindableActive()
{
    return &m_active;
}

MessageParser *PipeReaderElement::parser() const
{
    return m_exchange.parser();
}

void PipeReaderElement::setParser(MessageParser *parser)
{
    if (parser == m_exchange.parser())
        return;
    m_exchange.setParser(parser);
    Q_EMIT parserChanged();
}

bool PipeReaderElement::isPaused() const
{
    return m_exchange.isPaused();
}

void PipeReaderElement::setPaused(bool paused)
{
    if (paused == isPaused())
        return;
    m_exchange.setPaused(paused);
    Q_EMIT pausedChanged();
}

void PipeReaderElement::classBegin()
{
    m_complete = false;
}

void PipeReaderElement::componentComplete()
{
    m_complete = true;
    if (isActive())
        restart();
}

void PipeReaderElement::restart()
{
    if (!m_complete)
        return;
    close();
    if (isActive()) {
        // Standard input is shared with others, any other descriptor belongs to this object.
        if (descriptor() == 0 ? openStandardInput() : open(NativeHandle(NativeHandle::Type(descriptor())))) {
            m_exchange.setDevices(this, nullptr);
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

void PipeReaderElement::updateOpen()
{
    if (std::exchange(m_openTold, isOpen()) != isOpen())
        Q_EMIT openChanged();
}

QByteArray PipeReaderElement::read(double maxSize)
{
    return m_exchange.read(qint64(std::max(0.0, maxSize)));
}

QByteArray PipeReaderElement::readAll()
{
    return m_exchange.read(-1);
}

} // namespace InterprocessQt
