// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_ELEMENTNUMBERS_H
#define INTERPROCESSQT_ELEMENTNUMBERS_H

#include <QtCore/qglobal.h>

namespace InterprocessQt
{

/*
 * What elements share is in templates like this one, the second bases of an Element whose first one is the class of the
 * library. moc knows of no templates: properties, signals and invokable functions are declared by each Element.
 *
 * Their signals have no references: for handlers qmltc of Qt 6.4 looks for signals with values, and finds no others.
 */

// Sizes as JavaScript counts, in doubles: QML of Qt 6.4 does not know of properties of 64 bits.
template<typename Element>
class ElementNumbers
{
public:
    [[nodiscard]] double readBufferSizeNumber() const
    {
        return double(element()->readBufferSize());
    }
    void setReadBufferSizeNumber(double value)
    {
        element()->setReadBufferSize(qint64(value));
    }
    [[nodiscard]] double writeBufferLimitNumber() const
    {
        return double(element()->writeBufferLimit());
    }
    void setWriteBufferLimitNumber(double value)
    {
        element()->setWriteBufferLimit(qint64(value));
    }
    [[nodiscard]] double maximumMessageSizeNumber() const
    {
        return double(element()->maximumMessageSize());
    }
    void setMaximumMessageSizeNumber(double value)
    {
        element()->setMaximumMessageSize(qint64(value));
    }

private:
    [[nodiscard]] Element *element()
    {
        return static_cast<Element *>(this);
    }
    [[nodiscard]] const Element *element() const
    {
        return static_cast<const Element *>(this);
    }
};

} // namespace InterprocessQt

#endif
