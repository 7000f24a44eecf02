// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fifowriterelement.h"

namespace InterprocessQt
{

FifoWriterElement::FifoWriterElement(QObject *parent)
    : FifoWriter(parent)
    , m_exchange(this)
{
    connect(this, &FifoWriterElement::activeChanged, this, &FifoWriterElement::restart);
    connect(this, &FifoWriterElement::pathChanged, this, &FifoWriterElement::restart);
    connect(this, &FifoWriterElement::readerPolicyChanged, this, &FifoWriterElement::restart);
    connect(this, &PipeWriter::closed, this, &FifoWriterElement::updateOpen);
    connect(&m_exchange, &MessageExchange::messageError, this, &FifoWriterElement::messageError);
}

FifoWriterElement::~FifoWriterElement()
{
    // Handlers in QML would see half of an object.
    blockSignals(true);
}

QString FifoWriterElement::path() const
{
    return m_path;
}

void FifoWriterElement::setPath(const QString &path)
{
    m_path = path;
}

QBindable<QString> FifoWriterElement::bindablePath()
{
    return &m_path;
}

FifoWriter::ReaderPolicy FifoWriterElement::readerPolicy() const
{
    return m_policy;
}

void FifoWriterElement::setReaderPolicy(ReaderPolicy policy)
{
    m_policy = policy;
}

QBindable<FifoWriter::ReaderPolicy> FifoWriterElement::bindableReaderPolicy()
{
    return &m_policy;
}

bool FifoWriterElement::isActive() const
{
    return m_active;
}

void FifoWriterElement::setActive(bool active)
{
    m_active = active;
}

QBindable<bool> FifoWriterElement::bindableActive()
{
    return &m_active;
}

MessageParser *FifoWriterElement::parser() const
{
    return m_exchange.parser();
}

void FifoWriterElement::setParser(MessageParser *parser)
{
    if (parser == m_exchange.parser())
        return;
    m_exchange.setParser(parser);
    Q_EMIT parserChanged();
}

void FifoWriterElement::classBegin()
{
    m_complete = false;
}

void FifoWriterElement::componentComplete()
{
    m_complete = true;
    if (isActive())
        restart();
}

void FifoWriterElement::restart()
{
    if (!m_complete)
        return;
    close();
    if (isActive()) {
        if (open(path(), readerPolicy())) {
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

void FifoWriterElement::updateOpen()
{
    if (std::exchange(m_openTold, isOpen()) != isOpen())
        Q_EMIT openChanged();
}

bool FifoWriterElement::send(const QJSValue &message)
{
    return m_exchange.send(message);
}

double FifoWriterElement::write(const QJSValue &data)
{
    return double(m_exchange.write(data));
}

} // namespace InterprocessQt
