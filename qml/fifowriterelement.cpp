// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fifowriterelement.h"

namespace InterprocessQt
{

FifoWriterElement::FifoWriterElement(QObject *parent)
    : FifoWriter(parent)
    , StreamElement(this)
{
    restartAt(&FifoWriterElement::activeChanged);
    restartAt(&FifoWriterElement::pathChanged);
    restartAt(&FifoWriterElement::readerPolicyChanged);
    connect(this, &PipeWriter::closed, this, [this] {
        updateOpen();
    });
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

bool FifoWriterElement::openDeclared()
{
    if (!open(path(), readerPolicy()))
        return false;
    m_exchange.setDevices(nullptr, this);
    return true;
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
