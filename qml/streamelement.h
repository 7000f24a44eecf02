// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_STREAMELEMENT_H
#define INTERPROCESSQT_STREAMELEMENT_H

#include "elementnumbers.h"
#include "messageexchange.h"

#include <algorithm>

namespace InterprocessQt
{

// What elements that are streams have in common: bytes that are messages by a parser. See elementnumbers.h.
template<typename Element>
class StreamElement
{
public:
    [[nodiscard]] MessageParser *parser() const
    {
        return m_exchange.parser();
    }
    void setParser(MessageParser *parser)
    {
        if (parser == m_exchange.parser())
            return;
        m_exchange.setParser(parser);
        Q_EMIT element()->parserChanged();
    }

protected:
    explicit StreamElement(QObject *element)
        : m_exchange(element)
    {
        QObject::connect(&m_exchange, &MessageExchange::parserDestroyed, element, [this] {
            Q_EMIT this->element()->parserChanged();
        });
    }

    MessageExchange m_exchange;

    [[nodiscard]] Element *element()
    {
        return static_cast<Element *>(this);
    }
};

// Those that are read.
template<typename Element>
class ReadElement : public StreamElement<Element>, public ReadBufferNumber<Element>
{
    using StreamElement<Element>::element;

public:
    [[nodiscard]] bool isPaused() const
    {
        return m_exchange.isPaused();
    }
    void setPaused(bool paused)
    {
        if (paused == isPaused())
            return;
        m_exchange.setPaused(paused);
        Q_EMIT element()->pausedChanged();
    }

protected:
    using StreamElement<Element>::StreamElement;
    using StreamElement<Element>::m_exchange;

    // By the Element, when it is there.
    void tellMessages()
    {
        QObject::connect(&m_exchange, &MessageExchange::message, element(), &Element::message);
        QObject::connect(&m_exchange, &MessageExchange::messageRejected, element(), &Element::messageRejected);
        QObject::connect(&m_exchange, &MessageExchange::drained, element(), &Element::finished);
    }

    [[nodiscard]] QByteArray readBytes(double maxSize)
    {
        return m_exchange.read(std::max<qint64>(0, sizeOfNumber(maxSize)));
    }
};

} // namespace InterprocessQt

#endif
