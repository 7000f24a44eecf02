// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fiforeaderelement.h"

namespace InterprocessQt
{

FifoReaderElement::FifoReaderElement(QObject *parent)
    : FifoReader(parent)
    , m_exchange(this)
{
    connect(this, &FifoReaderElement::activeChanged, this, &FifoReaderElement::restart);
    connect(this, &FifoReaderElement::pathChanged, this, &FifoReaderElement::restart);
    connect(this, &FifoReaderElement::writerPolicyChanged, this, &FifoReaderElement::restart);
    connect(&m_exchange, &MessageExchange::message, this, &FifoReaderElement::message);
    connect(&m_exchange, &MessageExchange::messageRejected, this, &FifoReaderElement::messageRejected);
    connect(&m_exchange, &MessageExchange::drained, this, &FifoReaderElement::finished);
    connect(&m_exchange, &MessageExchange::broken, this, [this] {
        close();
        updateOpen();
    });
    connect(&m_exchange, &MessageExchange::messageError, this, &FifoReaderElement::messageError);
}

FifoReaderElement::~FifoReaderElement()
{
    // Handlers in QML would see half of an object.
    blockSignals(true);
}

QString FifoReaderElement::path() const
{
    return m_path;
}

void FifoReaderElement::setPath(const QString &path)
{
    m_path = path;
}

QBindable<QString> FifoReaderElement::bindablePath()
{
    return &m_path;
}

FifoReader::WriterPolicy FifoReaderElement::writerPolicy() const
{
    return m_policy;
}

void FifoReaderElement::setWriterPolicy(WriterPolicy policy)
{
    m_policy = policy;
}

QBindable<FifoReader::WriterPolicy> FifoReaderElement::bindableWriterPolicy()
{
    return &m_policy;
}

bool FifoReaderElement::isActive() const
{
    return m_active;
}

void FifoReaderElement::setActive(bool active)
{
    m_active = active;
}

QBindable<bool> FifoReaderElement::bindableActive()
{
    return &m_active;
}

MessageParser *FifoReaderElement::parser() const
{
    return m_exchange.parser();
}

void FifoReaderElement::setParser(MessageParser *parser)
{
    if (parser == m_exchange.parser())
        return;
    m_exchange.setParser(parser);
    Q_EMIT parserChanged();
}

bool FifoReaderElement::isPaused() const
{
    return m_exchange.isPaused();
}

void FifoReaderElement::setPaused(bool paused)
{
    if (paused == isPaused())
        return;
    m_exchange.setPaused(paused);
    Q_EMIT pausedChanged();
}

void FifoReaderElement::classBegin()
{
    m_complete = false;
}

void FifoReaderElement::componentComplete()
{
    m_complete = true;
    if (isActive())
        restart();
}

void FifoReaderElement::restart()
{
    if (!m_complete)
        return;
    close();
    if (isActive()) {
        if (open(path(), writerPolicy())) {
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

void FifoReaderElement::updateOpen()
{
    if (std::exchange(m_openTold, isOpen()) != isOpen())
        Q_EMIT openChanged();
}

QByteArray FifoReaderElement::read(double maxSize)
{
    return m_exchange.read(qint64(std::max(0.0, maxSize)));
}

QByteArray FifoReaderElement::readAll()
{
    return m_exchange.read(-1);
}

} // namespace InterprocessQt
