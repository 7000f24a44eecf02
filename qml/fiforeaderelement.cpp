// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fiforeaderelement.h"

namespace InterprocessQt
{

FifoReaderElement::FifoReaderElement(QObject *parent)
    : FifoReader(parent)
    , ReadElement(this)
{
    restartAt(&FifoReaderElement::activeChanged);
    restartAt(&FifoReaderElement::pathChanged);
    restartAt(&FifoReaderElement::writerPolicyChanged);
    tellMessages();
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

bool FifoReaderElement::openDeclared()
{
    if (!open(path(), writerPolicy()))
        return false;
    m_exchange.setDevices(this, nullptr);
    return true;
}

QByteArray FifoReaderElement::read(double maxSize)
{
    return readBytes(maxSize);
}

QByteArray FifoReaderElement::readAll()
{
    return m_exchange.read(-1);
}

} // namespace InterprocessQt
