// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PARSERHOLDER_H
#define INTERPROCESSQT_PARSERHOLDER_H

#include "messageparser.h"

#include <QtCore/qpointer.h>

namespace InterprocessQt
{

// The parser of elements whose messages have their boundaries already, or that hand it on; see elementnumbers.h.
template<typename Element>
class ParserHolder
{
public:
    [[nodiscard]] MessageParser *parser() const
    {
        return m_parser;
    }
    void setParser(MessageParser *parser)
    {
        if (parser == m_parser)
            return;
        auto *const holder = static_cast<Element *>(this);
        QObject::disconnect(m_end);
        m_parser = parser;
        // It is null then, which bindings have to hear of.
        if (parser)
            m_end = QObject::connect(parser, &QObject::destroyed, holder, &Element::parserChanged);
        Q_EMIT holder->parserChanged();
    }

private:
    QPointer<MessageParser> m_parser;
    QMetaObject::Connection m_end;
};

} // namespace InterprocessQt

#endif
